package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"scenarios/go/scenario"
)

const lastPort = 65535

type arguments struct {
	help        bool
	scenario    scenario.Scenario
	variant     scenario.Variant
	port        int
	controlPort int
	workers     int // 0: one per core allowed
	grace       time.Duration
}

// The server's own options; all others belong to the scenario.
var serverOptions = []scenario.Option{
	{Name: "variant", Help: "which variant of the scenario"},
	{Name: "port", Help: "port for requests (default: any free one)"},
	{Name: "control-port", Help: "port for /healthz, /metrics, /debug/pause, /debug/pprof/, /debug/vars " +
		"(default: any free one)"},
	{Name: "workers", Help: "GOMAXPROCS, from 0 to 1024 (default: one per core allowed)"},
	{Name: "grace", Fallback: "2s", Help: "time for requests under way at SIGTERM"},
}

// parse reads the words after the program's name. The error is one line without the program's name.
func parse(words []string) (arguments, error) {
	name, given, err := split(words)
	if _, asked := given["help"]; asked || err != nil {
		return arguments{help: asked}, err
	}
	own := map[string]string{}
	for _, option := range serverOptions {
		own[option.Name] = option.Fallback
		if text, ok := given[option.Name]; ok {
			own[option.Name] = text
		}
		delete(given, option.Name)
	}
	var parsed arguments
	if parsed.port, err = number("port", own["port"], lastPort); err != nil {
		return arguments{}, err
	}
	if parsed.controlPort, err = number("control-port", own["control-port"], lastPort); err != nil {
		return arguments{}, err
	}
	if parsed.workers, err = number("workers", own["workers"], 1024); err != nil {
		return arguments{}, err
	}
	if parsed.scenario, err = find(name); err != nil {
		return arguments{}, err
	}
	if parsed.grace, err = grace(own["grace"]); err != nil {
		return arguments{}, err
	}
	parsed.variant, err = parsed.scenario.Select(own["variant"], given)
	return parsed, err
}

// split takes words as "--name value", "--name=value", and one that stands alone: the scenario.
func split(words []string) (name string, given map[string]string, err error) {
	given = map[string]string{}
	for i := 0; i < len(words); i++ {
		word := words[i]
		switch {
		case word == "-h" || word == "--help":
			return "", map[string]string{"help": ""}, nil
		case strings.HasPrefix(word, "--") && len(word) > 2:
			option, value, hasValue := strings.Cut(word[2:], "=")
			if !hasValue {
				if i++; i == len(words) {
					return "", nil, fmt.Errorf("%s needs a value", word)
				}
				value = words[i]
			}
			given[option] = value
		case strings.HasPrefix(word, "-") || name != "":
			return "", nil, fmt.Errorf(`unexpected argument "%s"`, word)
		default:
			name = word
		}
	}
	return name, given, nil
}

// number is a whole number from 0 to most; without a text, 0.
func number(name, text string, most int) (int, error) {
	if text == "" {
		return 0, nil
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < 0 || value > most {
		return 0, fmt.Errorf("--%s: Value %s not in range 0 to %d", name, text, most)
	}
	return value, nil
}

func grace(text string) (time.Duration, error) {
	value, ok := scenario.ParseDuration(text)
	if !ok {
		return 0, fmt.Errorf(`--grace must be a duration such as 2s, is "%s"`, text)
	}
	return value, nil
}

func find(name string) (scenario.Scenario, error) {
	var names []string
	for _, s := range allScenarios {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	known := "known: " + strings.Join(names, ", ")
	if name == "" {
		return scenario.Scenario{}, errors.New("which scenario? " + known)
	}
	return scenario.Scenario{}, fmt.Errorf(`no scenario "%s"; %s`, name, known)
}

func help() string {
	text := "Serves one variant of one leakbench scenario, written in Go, on 127.0.0.1.\n" +
		"Usage: leakbench-server-go SCENARIO [--OPTION VALUE]...\n\nOptions:\n" +
		"  -h, --help  print this help message and exit\n"
	for _, option := range serverOptions {
		text += fmt.Sprintf("  --%s %s\n", option.Name, describe(option))
	}
	text += "\nScenarios, their variants and options:\n"
	for _, s := range allScenarios {
		text += fmt.Sprintf("  %s: %s\n", s.Name, s.Summary)
		variants, options := s.Describe()
		for _, variant := range variants {
			text += fmt.Sprintf("    --variant %s\n", variant.Name)
		}
		for _, option := range options {
			text += fmt.Sprintf("    --%s %s\n", option.Name, describe(option))
		}
	}
	return text
}

func describe(option scenario.Option) string {
	if option.Fallback == "" {
		return " " + option.Help
	}
	return option.Fallback + "  " + option.Help
}
