package api

import "authpad/core"

// absentKeys stand in where nothing can be waited for. They remember that they were asked.
type absentKeys struct{ asked bool }

func (k *absentKeys) Sign(string, core.Key, []byte) ([]byte, error) { return nil, k.wait() }

func (k *absentKeys) Verify(string, core.Key, []byte, []byte) (bool, error) { return false, k.wait() }

func (k *absentKeys) Public(core.Key) (core.Key, error) { return core.Key{}, k.wait() }

func (k *absentKeys) Generate(string, string) (core.Key, error) { return core.Key{}, k.wait() }

func (k *absentKeys) Hash(string, []byte) ([]byte, error) { return nil, k.wait() }

func (k *absentKeys) wait() error {
	k.asked = true
	return core.ErrWaits
}
