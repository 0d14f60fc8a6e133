package api

import "authpad/core"

// What a handshake showed.

// tlsReport writes the member "tls"; nothing where there was no handshake to see.
func (w *writer) tlsReport(t *core.TLSReport) {
	if t == nil {
		return
	}
	w.Member("tls")
	if t.JSON != "" {
		w.Raw(t.JSON)
		return
	}
	w.Object()
	w.Text("serverName", t.ServerName)
	w.Text("check", t.Check)
	w.Member("chain")
	w.Array()
	for i := range t.Chain {
		w.certificate(&t.Chain[i])
	}
	w.EndArray()
	w.Text("fingerprint", t.Fingerprint)
	w.Text("version", t.Version)
	w.Text("cipherSuite", t.CipherSuite)
	if len(t.Notes) > 0 {
		w.notes(t.Notes)
	}
	w.EndObject()
}

func (w *writer) certificate(c *core.Certificate) {
	w.Object()
	w.Text("subject", c.Subject)
	w.Text("issuer", c.Issuer)
	w.List("names", c.Names)
	w.Text("notBefore", c.NotBefore)
	w.Text("notAfter", c.NotAfter)
	w.Text("fingerprint", c.Fingerprint)
	w.Flag("selfSigned", c.SelfSigned)
	w.Optional("key", c.Key)
	w.Optional("pem", c.PEM)
	w.EndObject()
}
