package relay

import "net/http"

func isBridge(r *http.Request) bool { return false }

func (r *Relay) bridge(w http.ResponseWriter, req *http.Request) {}
