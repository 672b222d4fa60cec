// Promotes a good release and a bad one in the simulator, and says how each ended. Whose approval counts is decided by a rota of its own.
//
//	go run . ../deploy.json
//
// finds the library by pkg-config.
package main

import (
	"fmt"
	"os"
)

// onDuty is the port of our own: the configuration says who may approve, the rota says who may today.
func onDuty(decision Decision) (objection string, err error) {
	if decision.Approver == "bob" {
		return "", nil
	}
	return decision.Approver + " is not on duty today", nil
}

func tell(event Event) {
	if event.Host == "" && !event.IsGateAnswer {
		fmt.Printf("  %s: %s\n", event.Kind, event.Message)
	}
}

func show(done *Deployment) {
	live := done.Live
	if live == "" {
		live = "nothing"
	}
	fmt.Printf("%s to %s: %s; live: %s\n", done.Version, done.Environment, done.Outcome, live)
	for _, reason := range done.Reasons {
		fmt.Printf("  because %s\n", reason)
	}
	for _, found := range done.Evidence {
		fmt.Printf("  found on %s: %s, %s\n", found.Host, found.ContainerStatus, found.VerdictReason)
	}
}

func ship(world *World, deployer *Deployer, version, behaviour string) error {
	image, err := world.Publish(version, behaviour)
	if err != nil {
		return err
	}
	if err = deployer.AddRelease(image, version); err != nil {
		return err
	}
	return promote(deployer, version, "staging")
}

func promote(deployer *Deployer, version, environment string) error {
	done, err := deployer.Promote(version, environment)
	if err == nil {
		show(done)
	}
	return err
}

// approve lets somebody say yes, with a deployer of their own. That the rota objects is no failure of this program.
func approve(world *World, who, version string) error {
	deployer, err := world.Open(who, func(Event) {}, onDuty)
	if err != nil {
		return err
	}
	defer deployer.Close()
	if err = deployer.Approve(version, "production", "tried it by hand"); err != nil {
		fmt.Printf("%s approves: %v\n", who, err)
		return nil
	}
	fmt.Printf("%s approves: recorded\n", who)
	return nil
}

func play(path string) error {
	world, err := Simulate(path)
	if err != nil {
		return err
	}
	defer world.Close()
	deployer, err := world.Open("embed-go", tell, onDuty)
	if err != nil {
		return err
	}
	defer deployer.Close()
	for _, step := range []func() error{
		func() error { return ship(world, deployer, "1.0.0", "good") },
		func() error { return ship(world, deployer, "1.1.0", "unhealthy") },
		func() error { return approve(world, "alice", "1.0.0") },
		func() error { return approve(world, "bob", "1.0.0") },
		func() error { return promote(deployer, "1.0.0", "production") },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintf(os.Stderr, "usage: %s CONFIG\n", os.Args[0])
		os.Exit(2)
	}
	if err := play(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
