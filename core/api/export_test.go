package api

// CallNames is every name in the table of calls.
func CallNames() []string {
	names := make([]string, len(calls))
	for i := range calls {
		names[i] = calls[i].name
	}
	return names
}
