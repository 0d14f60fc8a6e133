package keys

import (
	"errors"

	"authpad/core"
)

// Error says what a key lacks, in words for the person who pasted it, and never with any of it. The
// codes are "key.empty", "key.unknown", "key.encrypted", "key.openssh", "key.truncated", "key.base64",
// "key.broken", "key.json", "key.member", "key.several", "key.primes", "key.use", "key.symmetric",
// "key.kind", "key.curve", "key.compressed", "key.short", "key.long", "key.public",
// "key.certificate", "key.mismatch", "key.algorithm", "key.signature"; of core.Keys also
// "key.refused", "key.half-missing", "key.unsupported", "key.insecure-page" and "key.lost".
type Error struct {
	Code    string // permanent
	Message string // as core.FieldError's
	Ref     core.Ref
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// At makes an *Error a *core.FieldError of this field; every other error stays as it is.
func At(field string, err error) error {
	if err == nil {
		return nil
	}
	var wrong *Error
	if !errors.As(err, &wrong) {
		return err
	}
	return &core.FieldError{Field: field, Code: wrong.Code, Message: wrong.Message, Ref: wrong.Ref}
}

func refuse(code, message string) error { return &Error{Code: code, Message: message} }
