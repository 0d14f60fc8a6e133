package schemes

import "authpad/core"

// No authentication: the request goes out as typed, an Authorization header of one's own included.
var none = core.Scheme{
	ID: "none", Name: "None",
	Summary: "Sends the request as typed and adds nothing.",
	Refs:    []core.Ref{rfc("RFC 9110", "11")},
}
