package main

import (
	cascadingtimeout "scenarios/cascading-timeout/go"
	"scenarios/go/scenario"
	orphanedtask "scenarios/orphaned-task/go"
	plantedleaks "scenarios/planted-leaks/go"
)

// Every scenario this server has.
var allScenarios = []scenario.Scenario{
	cascadingtimeout.Scenario,
	orphanedtask.Scenario,
	plantedleaks.Scenario,
}
