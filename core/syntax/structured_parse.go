package syntax

import "strconv"

// How structured fields are read (RFC 9651, section 4.2): strictly, as it demands. Of several lines of
// one field the values are joined by ", " first.

// StructureError says what is wrong with the text of a structured field, and where.
type StructureError struct {
	At      int // in bytes from the start
	Message string
}

func (e *StructureError) Error() string {
	return e.Message + ", at character " + strconv.Itoa(e.At+1)
}

// ParseItem reads a field that is one value. Its errors and those of the others are *StructureErrors.
func ParseItem(text string) (Item, error) {
	return parseWhole(text, (*structure).item)
}

// ParseList reads a field that is a list. An empty text is an empty list.
func ParseList(text string) ([]Item, error) {
	return parseWhole(text, func(s *structure) (list []Item, err error) {
		err = s.separated(func() error {
			item, err := s.itemOrList()
			list = append(list, item)
			return err
		})
		return list, err
	})
}

// maxMembers is how many a dictionary may have, and parameters a value: RFC 9651, section 1.2, asks for 1024 and 256,
// and each is compared with those before it.
const maxMembers = 4096

// ParseDictionary reads a field that is a dictionary. Of two members of one key the last counts, in the
// place of the first.
func ParseDictionary(text string) ([]Member, error) {
	return parseWhole(text, func(s *structure) (members []Member, err error) {
		err = s.separated(func() error {
			m, err := s.member()
			for i := range members {
				if members[i].Key == m.Key {
					members[i] = m
					return err
				}
			}
			if err == nil && len(members) == maxMembers {
				err = s.wrong("there are more than 4096 members")
			}
			members = append(members, m)
			return err
		})
		return members, err
	})
}

// ParseInnerList reads what stands between the parentheses of an inner list: items with spaces between.
func ParseInnerList(text string) ([]Item, error) {
	return parseWhole(text, func(s *structure) (list []Item, err error) {
		for s.next() != 0 {
			item, err := s.item()
			if err != nil {
				return nil, err
			}
			list = append(list, item)
			if c := s.next(); c != ' ' && c != 0 {
				return nil, s.wrong("a space is missing")
			}
			s.skip(' ')
		}
		return list, nil
	})
}

// structure is a text on its way through the parser.
type structure struct {
	text string
	at   int
}

func parseWhole[T any](text string, parse func(*structure) (T, error)) (T, error) {
	s := &structure{text: text}
	s.skip(' ')
	value, err := parse(s)
	s.skip(' ')
	if err == nil && s.at < len(text) {
		err = s.wrong("nothing may follow here")
	}
	if err != nil {
		var none T
		return none, err
	}
	return value, nil
}

func (s *structure) wrong(message string) error { return &StructureError{At: s.at, Message: message} }

// next is the next byte, or 0 at the end. A byte 0 in the text is part of nothing, so it ends there too.
func (s *structure) next() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

// take takes the next byte if it is this one.
func (s *structure) take(c byte) bool {
	if s.at == len(s.text) || s.text[s.at] != c {
		return false
	}
	s.at++
	return true
}

func (s *structure) skip(space byte) {
	for s.take(space) || space == '\t' && s.take(' ') {
	}
}

// while takes the bytes of a set.
func (s *structure) while(set Set) string {
	start := s.at
	for s.at < len(s.text) && set(s.text[s.at]) {
		s.at++
	}
	return s.text[start:s.at]
}

// separated reads what stands between commas.
func (s *structure) separated(one func() error) error {
	for s.at < len(s.text) {
		if err := one(); err != nil {
			return err
		}
		s.skip('\t')
		if s.at == len(s.text) {
			return nil
		}
		if !s.take(',') {
			return s.wrong("a comma is missing")
		}
		s.skip('\t')
		if s.at == len(s.text) {
			return s.wrong("nothing follows the comma")
		}
	}
	return nil
}

func (s *structure) member() (m Member, err error) {
	if m.Key, err = s.key(); err != nil {
		return m, err
	}
	if s.take('=') {
		m.Item, err = s.itemOrList()
		return m, err
	}
	m.Bare = yes
	m.Params, err = s.params()
	return m, err
}

func (s *structure) itemOrList() (list Item, err error) {
	if !s.take('(') {
		return s.item()
	}
	list.IsList = true
	for {
		s.skip(' ')
		if s.take(')') {
			list.Params, err = s.params()
			return list, err
		}
		item, err := s.item()
		if err != nil {
			return list, err
		}
		list.Inner = append(list.Inner, item)
		if c := s.next(); c != ' ' && c != ')' {
			return list, s.wrong("a space or “)” is missing")
		}
	}
}

func (s *structure) item() (i Item, err error) {
	if i.Bare, err = s.bare(); err == nil {
		i.Params, err = s.params()
	}
	return i, err
}

func (s *structure) params() (params []ItemParam, err error) {
	for s.take(';') {
		s.skip(' ')
		p := ItemParam{Value: yes}
		if p.Key, err = s.key(); err != nil {
			return nil, err
		}
		if s.take('=') {
			if p.Value, err = s.bare(); err != nil {
				return nil, err
			}
		}
		if params = setParam(params, p); len(params) > maxMembers {
			return nil, s.wrong("there are more than 4096 parameters")
		}
	}
	return params, nil
}

// setParam adds a parameter; of two of one key the last counts, in the place of the first.
func setParam(params []ItemParam, p ItemParam) []ItemParam {
	for i := range params {
		if params[i].Key == p.Key {
			params[i] = p
			return params
		}
	}
	return append(params, p)
}

func (s *structure) key() (string, error) {
	if c := s.next(); c != '*' && (c < 'a' || c > 'z') {
		return "", s.wrong("a name is missing, which begins with a small letter or “*”")
	}
	return s.while(func(b byte) bool {
		return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_' || b == '-' || b == '.' || b == '*'
	}), nil
}
