package scenario

import (
	"net/http"
	"testing"
	"time"
)

func nothing(http.ResponseWriter, *http.Request) {}

func example(build func(*Builder)) Scenario {
	return Scenario{"example", "An example", build}
}

func TestGivesTheDefaultOrWhatWasGiven(t *testing.T) {
	var duration, step time.Duration
	var payload, share int64
	var kind string
	s := example(func(b *Builder) {
		duration = b.Duration("job-duration", "5s", "how long")
		step = b.Duration("step", "100ms", "how often")
		payload = b.Count("payload", "4096", 8192, "bytes")
		share = b.Thousandths("share", "0.25", 1000, "how many")
		kind = b.Choice("kind", "mutex", []string{"select", "mutex"}, "what")
		b.Variant("only", nothing)
	})
	if _, err := s.Select("only", map[string]string{"step": "20ms"}); err != nil {
		t.Fatal(err)
	}
	if duration != 5*time.Second || step != 20*time.Millisecond || payload != 4096 ||
		share != 250 || kind != "mutex" {
		t.Errorf("job-duration %v, step %v, payload %d, share %d, kind %s",
			duration, step, payload, share, kind)
	}
	variants, options := s.Describe()
	asked := Option{"step", "100ms", "how often"}
	if len(variants) != 1 || len(options) != 5 || options[1] != asked ||
		options[4].Help != "what: select, mutex" {
		t.Errorf("variants %v, options %v", variants, options)
	}
}

func TestCountsInThousandths(t *testing.T) {
	var share int64
	s := example(func(b *Builder) {
		share = b.Thousandths("share", "5", 1000, "")
		b.Variant("only", nothing)
	})
	for text, expected := range map[string]int64{
		"5": 5000, "0.1": 100, "12.345": 12345, "1000": 1000000, "0": 0, "007": 7000,
	} {
		_, err := s.Select("only", map[string]string{"share": text})
		if err != nil || share != expected {
			t.Errorf("%q is %d, %v", text, share, err)
		}
	}
	for _, text := range []string{"", "-1", "+1", "1000.001", "0.0001", "1.", ".5", "1.2.3", "1e3",
		"1,5", "0.-1", "-0.5", "0. 1", "99999999999999999999", "9223372036854775807"} {
		_, err := s.Select("only", map[string]string{"share": text})
		message := "--share must be a number of at most 1000 with at most 3 decimals such as 5, is \"" +
			text + "\""
		if err == nil || err.Error() != message {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestCountersHaveNamesThatAreTheScenariosOwn(t *testing.T) {
	s := example(func(b *Builder) {
		b.Counter("retries_total", "Calls made again.").Add(3)
		b.Variant("only", nothing)
	})
	variant, err := s.Select("only", nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(variant.Counters) != 1 || variant.Counters[0].Value() != 3 ||
		variant.Counters[0].Name != "leakbench_scenario_retries_total" {
		t.Errorf("%+v", variant.Counters)
	}
}

// The texts are those of ../../../runtime/http/url_test.cc.
func TestURLsAreThoseThatTheCppClientTakes(t *testing.T) {
	for _, text := range []string{
		"http://127.0.0.2:8080/a/b?c=/d", "http://localhost", "http://localhost:1?q",
	} {
		if !isURL(text) {
			t.Errorf("%q is refused", text)
		}
	}
	for _, text := range []string{
		"", "http://", "127.0.0.1", "https://127.0.0.1/", "http:///path", "http://example.com/",
		"http://127.0.0.1:/", "http://127.0.0.1:0/", "http://127.0.0.1:65536/",
		"http://127.0.0.1:8x/", "http://127.0.0.1:-1/", "http://user@127.0.0.1/", "http://[::1]/",
		"http://127.0.0.1/a b", "http://127.0.0.1/a\r\nX: y", "http://127.0.0.1/#top",
		"http://127.0.0.1/\x7f", "http://127.0.0.1/\xc3\xa9",
	} {
		if isURL(text) {
			t.Errorf("%q is taken", text)
		}
	}
}

// The messages are those of ../../scenario_test.cc.
func TestSaysWhatIsWrongAndWhatWouldBeRight(t *testing.T) {
	s := example(func(b *Builder) {
		b.Duration("step", "100ms", "")
		b.Count("payload", "4096", 8192, "")
		b.Choice("kind", "mutex", []string{"select", "mutex"}, "")
		b.Variant("with-context", nothing)
		b.Variant("without-context", nothing)
	})
	for _, test := range []struct {
		variant string
		given   map[string]string
		err     string
	}{
		{"with-context", map[string]string{"step": "soon"},
			`--step must be a duration such as 100ms, is "soon"`},
		{"with-context", map[string]string{"payload": "4k"},
			`--payload must be a whole number of at most 8192 such as 4096, is "4k"`},
		{"with-context", map[string]string{"payload": "-1"},
			`--payload must be a whole number of at most 8192 such as 4096, is "-1"`},
		{"with-context", map[string]string{"payload": "+1"},
			`--payload must be a whole number of at most 8192 such as 4096, is "+1"`},
		{"with-context", map[string]string{"payload": "8193"},
			`--payload must be a whole number of at most 8192 such as 4096, is "8193"`},
		{"with-context", map[string]string{"payload": "99999999999999999999"},
			`--payload must be a whole number of at most 8192 such as 4096, is "99999999999999999999"`},
		{"with-context", map[string]string{"stop": "1s", "stup": "1s"},
			"unknown option --stop; this scenario has --step, --payload, --kind"},
		{"with-context", map[string]string{"kind": "Mutex"},
			`--kind must be one of select, mutex, is "Mutex"`},
		{"with", nil, `no variant "with"; this scenario has with-context, without-context`},
		{"", nil, "--variant is missing; this scenario has with-context, without-context"},
		// The first error in the order of the file, not of the command line.
		{"with", map[string]string{"stop": "1s", "payload": "x", "step": "y"},
			`--step must be a duration such as 100ms, is "y"`},
	} {
		if _, err := s.Select(test.variant, test.given); err == nil || err.Error() != test.err {
			t.Errorf("%q with %v: %v, not %q", test.variant, test.given, err, test.err)
		}
	}
}

func TestReadsDurationsAsManifestsHaveThem(t *testing.T) {
	for text, expected := range map[string]time.Duration{
		"250us": 250 * time.Microsecond, "100ms": 100 * time.Millisecond,
		"1.5s": 1500 * time.Millisecond, "2m": 2 * time.Minute, "1h": time.Hour, "40ns": 40,
		".5s": 500 * time.Millisecond, "1e3ms": time.Second, "0s": 0, "1.5ns": 2,
	} {
		if value, ok := ParseDuration(text); !ok || value != expected {
			t.Errorf("%q is %v, %v", text, value, ok)
		}
	}
	for _, text := range []string{
		"", "5", "s", "-1s", "+1s", "1m30s", "1 s", "1S", "1µs", "1d", "0x1s", "infs", "nans",
		"9.3e18ns", "1e999s", "300000h00", "1_000s", " 1s", "1s\n",
	} {
		if value, ok := ParseDuration(text); ok {
			t.Errorf("%q is taken as %v", text, value)
		}
	}
}
