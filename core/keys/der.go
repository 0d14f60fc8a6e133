package keys

// A reader and a writer of DER (ITU-T X.690), as much as keys need of it. It is strict: lengths are
// definite and minimal, and it never recurses, since each structure is read by a function of its own.

// The tags that occur.
const (
	tagInteger   = 0x02
	tagBits      = 0x03
	tagOctets    = 0x04
	tagNull      = 0x05
	tagObjectID  = 0x06
	tagSequence  = 0x30
	tagContext   = 0xa0 // plus its number: a constructed element
	tagPrimitive = 0x80 // plus its number: a primitive one
)

// der is what is left of a run of elements.
type der []byte

// header reads tag and length in front of an element. cut says that the element is longer than what
// there is.
func (d der) header() (head, size int, cut, ok bool) {
	if len(d) < 2 {
		return 0, 0, true, false
	}
	head, size = 2, int(d[1])
	if size < 0x80 {
		return head, size, head+size > len(d), true
	}
	count := size & 0x7f
	if count == 0 || count > 3 || len(d) < head+count {
		return 0, 0, count > 0 && count <= 3, false
	}
	size = 0
	for _, b := range d[head : head+count] {
		size = size<<8 | int(b)
	}
	head += count
	minimal := size >= 0x80 && d[2] != 0
	return head, size, head+size > len(d), minimal
}

// is reports whether an element with this tag comes next.
func (d der) is(tag byte) bool { return len(d) > 0 && d[0] == tag }

// take cuts off the next element, which must have this tag, and returns its content.
func (d *der) take(tag byte) (content der, ok bool) {
	head, size, cut, ok := d.header()
	if !ok || cut || !d.is(tag) {
		return nil, false
	}
	content = (*d)[head : head+size : head+size]
	*d = (*d)[head+size:]
	return content, true
}

// skip takes an element that need not be there, or not be read.
func (d *der) skip(tag byte) {
	if d.is(tag) {
		d.take(tag)
	}
}

// number takes an INTEGER that is not negative, without the zero in front.
func (d *der) number() (n []byte, ok bool) {
	n, ok = d.take(tagInteger)
	switch {
	case !ok || len(n) == 0 || n[0] >= 0x80:
		return nil, false
	case n[0] == 0 && len(n) > 1 && n[1] < 0x80:
		return nil, false
	case n[0] == 0:
		return n[1:], true
	}
	return n, true
}

// bits takes a BIT STRING of whole bytes, which all keys are.
func (d *der) bits(tag byte) (octets []byte, ok bool) {
	b, ok := d.take(tag)
	if !ok || len(b) == 0 || b[0] != 0 {
		return nil, false
	}
	return b[1:], true
}

// element writes an element that consists of these parts.
func element(tag byte, parts ...[]byte) []byte {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	e := make([]byte, 0, size+5)
	switch {
	case size < 0x80:
		e = append(e, tag, byte(size))
	case size < 0x100:
		e = append(e, tag, 0x81, byte(size))
	case size < 0x10000:
		e = append(e, tag, 0x82, byte(size>>8), byte(size))
	default:
		e = append(e, tag, 0x83, byte(size>>16), byte(size>>8), byte(size))
	}
	for _, p := range parts {
		e = append(e, p...)
	}
	return e
}

func sequence(parts ...[]byte) []byte { return element(tagSequence, parts...) }

// integer writes a number that is not negative.
func integer(n []byte) []byte {
	n = trimZeros(n)
	if len(n) == 0 || n[0] >= 0x80 {
		return element(tagInteger, []byte{0}, n)
	}
	return element(tagInteger, n)
}

func bitString(tag byte, octets []byte) []byte { return element(tag, []byte{0}, octets) }

func trimZeros(n []byte) []byte {
	for len(n) > 0 && n[0] == 0 {
		n = n[1:]
	}
	return n
}

// padded is a number in so many bytes; ok is false where it does not fit.
func padded(n []byte, size int) (_ []byte, ok bool) {
	n = trimZeros(n)
	if len(n) > size {
		return nil, false
	}
	p := make([]byte, size)
	copy(p[size-len(n):], n)
	return p, true
}
