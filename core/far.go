package core

// Far is the content of a body that the host holds outside of this program's memory: mostly a file that
// was chosen in a page. Its errors are ErrWaits, which callers pass on as it is, or a *FieldError where
// the file can no longer be read.
type Far interface {
	Size() int64 // in bytes
	// Sum returns its hash: "SHA-256", "SHA-384" or "SHA-512".
	Sum(hash string) ([]byte, error)
	// Bytes brings it into memory.
	Bytes() ([]byte, error)
}

// Files are what a call brought beside its parameters for the parts of a multipart body.
type Files interface {
	Count() int
	// Join is one body of texts with files between them: the file of number files[i] stands behind texts[i].
	Join(texts [][]byte, files []int) Far
}

// BodySize is how many bytes the body has, wherever it lies.
func (r *Request) BodySize() int64 {
	if r.Far != nil {
		return r.Far.Size()
	}
	return int64(len(r.Body))
}

// BringBody has the body in r.Body, wherever it lay before. The error is one of Far.
func (r *Request) BringBody() error {
	if r.Far == nil {
		return nil
	}
	octets, err := r.Far.Bytes()
	if err != nil {
		return err
	}
	r.Body, r.Far = octets, nil
	return nil
}
