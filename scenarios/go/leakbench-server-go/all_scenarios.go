package main

import (
	"scenarios/go/scenario"
	orphanedtask "scenarios/orphaned-task/go"
	plantedleaks "scenarios/planted-leaks/go"
)

// Every scenario this server has.
var allScenarios = []scenario.Scenario{
	orphanedtask.Scenario,
	plantedleaks.Scenario,
}
