package api

import (
	"runtime"

	"authpad/core/schemes"
	"authpad/core/session"
)

// row is one line of the table of calls.
type row struct {
	name  string
	waits bool // see API.Waits
	run   func(c *call) error
}

// calls is every call there is. Names are permanent.
var calls = []row{
	{"version", false, (*call).version},
	{"schemes", false, (*call).schemes},
	{"examples", false, (*call).examples},
	{"build", false, (*call).build},
	{"send", true, (*call).send},
	{"cancel", false, (*call).cancel},
	{"challenges", false, (*call).challenges},
	{"verify", false, (*call).verify},
	{"predict", false, (*call).predict},
	{"targets", false, (*call).targets},
	{"lab", false, (*call).lab},
	{"lab-read", false, (*call).labRead},
	{"lab-close", false, (*call).labClose},
}

func find(name string) *row {
	for i := range calls {
		if calls[i].name == name {
			return &calls[i]
		}
	}
	return nil
}

func (c *call) version() error {
	c.out.Object()
	c.out.Text("version", c.api.host.Version)
	c.out.Text("go", runtime.Version())
	c.out.Number("schemes", int64(len(schemes.All())))
	c.out.EndObject()
	return nil
}

// targets is the list of languages that export writes; there are none yet.
func (c *call) targets() error {
	c.out.Object()
	c.out.Member("targets")
	c.out.Array()
	c.out.EndArray()
	c.out.EndObject()
	return nil
}

func (c *call) build() error {
	job, err := c.job()
	if err != nil {
		return err
	}
	job.Room, job.last.room = job.last.room[:0], nil
	built, err := session.Build(job.Job)
	if err != nil {
		job.last.forget()
		return err
	}
	if err := hashFar(built); err != nil {
		return err
	}
	c.out.built(built, job.steps)
	job.last.room = built.Trace.Steps
	clear(job.last.room[len(job.last.room):cap(job.last.room)])
	return nil
}

// predict answers for the request as it would be built; without a scheme it is not signed.
func (c *call) predict() error {
	job, err := c.job()
	if err != nil {
		return err
	}
	built, err := session.Build(job.Job)
	if err != nil {
		return err
	}
	c.out.Object()
	c.out.prediction(&built.Browser)
	c.out.notes(built.Browser.Notes)
	c.out.EndObject()
	return nil
}

func (c *call) verify() error {
	job, err := c.job()
	if err != nil {
		return err
	}
	job.Env.Seen = nil // a person looks at one request as often as they like
	trace, err := session.Verify(job.Request, job.Scheme, job.Values, job.Env, job.Challenge...)
	rejection, refused := rejectionOf(err)
	if err != nil && !refused {
		return err
	}
	c.out.Object()
	c.out.Member("valid")
	c.out.Bool(!refused)
	if refused {
		c.out.rejection(rejection)
	}
	if job.steps {
		c.out.steps(trace.Steps)
	}
	c.out.notes(trace.Notes)
	c.out.EndObject()
	return nil
}
