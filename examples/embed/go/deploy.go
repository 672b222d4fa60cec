// What promote.go needs of libdeploy, through cgo.
//
// Ownership: whoever opens something closes it (Close), once, in reverse order; texts are copied as they come.
// Threads: a goroutine may move between threads during its life, never during a call, so that is all right with the library. One Deployer
// is used by one goroutine at a time; Cancel may come from any. Callbacks come on the thread of the call or on threads of the library:
// Go makes goroutines of both. What is handed to C is a cgo.Handle, a number: C keeps no Go pointers.
package main

/*
#cgo pkg-config: libdeploy
#include <deploy/deploy.h>
#include <stdlib.h>

// callbacks.go has them. Exported functions know no const.
extern void goEvent(deploy_event *event, uintptr_t handle);
extern deploy_status goCheck(uintptr_t handle, deploy_decision *decision, deploy_call *call, deploy_error **out_error);

static void on_event(const deploy_event *event, void *user_data) { goEvent((deploy_event *)event, (uintptr_t)user_data); }
static deploy_status check(void *user_data, const deploy_decision *decision, deploy_call *call, deploy_error **out_error) {
  return goCheck((uintptr_t)user_data, (deploy_decision *)decision, call, out_error);
}

static deploy_status open_deployer(deploy_simulation *world, const char *actor, uintptr_t handle, deploy_deployer **out_deployer,
                                   deploy_error **out_error) {
  deploy_approval_check approval_check = DEPLOY_APPROVAL_CHECK_INIT;
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  approval_check.user_data = (void *)handle;
  approval_check.check = check;
  options.actor = actor;
  options.on_event = on_event;
  options.user_data = (void *)handle;
  options.approval_check = &approval_check; // the tables are copied
  return deploy_simulation_open(world, &options, out_deployer, out_error);
}

// A record as its _INIT macro makes it.
static deploy_deployment_info deployment_info(const deploy_deployment *deployment) {
  deploy_deployment_info info = DEPLOY_DEPLOYMENT_INFO_INIT;
  deploy_deployment_get_info(deployment, &info);
  return info;
}
static deploy_status evidence(const deploy_deployment *deployment, size_t index, deploy_evidence *out) {
  deploy_evidence blank = DEPLOY_EVIDENCE_INIT;
  *out = blank;
  return deploy_deployment_get_evidence(deployment, index, out);
}
*/
import "C"

import (
	"fmt"
	"runtime/cgo"
	"unsafe"
)

// Status is negative for an error, positive for an outcome other than success.
type Status = C.deploy_status

// Error is a negative status, with all that the library said of it.
type Error struct {
	Status        Status
	Area, Message string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s (%s): %s", C.GoString(C.deploy_status_name(e.Status)), e.Area, e.Message)
}

// taken makes a Go error of a call's status and frees what the call left behind. C.GoString gives "" for NULL.
func taken(status Status, left **C.deploy_error) error {
	if status >= 0 {
		return nil
	}
	defer C.deploy_error_free(*left)
	return &Error{status, C.GoString(C.deploy_error_get_area(*left)), C.GoString(C.deploy_error_get_message(*left))}
}

// cText is a text for the length of a call; the second result frees it.
func cText(text string) (*C.char, func()) {
	copied := C.CString(text)
	return copied, func() { C.free(unsafe.Pointer(copied)) }
}

// World is a simulation of all that a configuration describes.
type World struct{ handle *C.deploy_simulation }

// Simulate loads a configuration; the world keeps what it needs of it.
func Simulate(path string) (*World, error) {
	cPath, free := cText(path)
	defer free()
	var config *C.deploy_config
	var world World
	var left *C.deploy_error
	if err := taken(C.deploy_config_load(cPath, &config, &left), &left); err != nil {
		return nil, err
	}
	defer C.deploy_config_free(config)
	if err := taken(C.deploy_simulation_new(config, &world.handle, &left), &left); err != nil {
		return nil, err
	}
	return &world, nil
}

func (w *World) Close() { w.handle = C.deploy_simulation_free(w.handle) }

// Publish is somebody who pushes an image; it gives the image's reference.
func (w *World) Publish(version, behaviour string) (string, error) {
	cVersion, freeVersion := cText(version)
	defer freeVersion()
	cBehaviour, freeBehaviour := cText(behaviour)
	defer freeBehaviour()
	var image *C.char // lent
	var left *C.deploy_error
	if err := taken(C.deploy_simulation_publish(w.handle, cVersion, cBehaviour, &image, &left), &left); err != nil {
		return "", err
	}
	return C.GoString(image), nil
}

// Deployer acts in a world on somebody's behalf.
type Deployer struct {
	handle    *C.deploy_deployer
	callbacks cgo.Handle
}

// Open gives a deployer that tells `events` what happens, and asks `check` about every decision.
func (w *World) Open(actor string, events func(Event), check func(Decision) (string, error)) (*Deployer, error) {
	cActor, free := cText(actor)
	defer free()
	d := &Deployer{callbacks: cgo.NewHandle(callbacks{events, check})}
	var left *C.deploy_error
	if err := taken(C.open_deployer(w.handle, cActor, C.uintptr_t(d.callbacks), &d.handle, &left), &left); err != nil {
		d.callbacks.Delete()
		return nil, err
	}
	return d, nil
}

func (d *Deployer) Close() {
	d.handle = C.deploy_deployer_free(d.handle)
	d.callbacks.Delete()
}

// Cancel may be called from any goroutine.
func (d *Deployer) Cancel() { C.deploy_deployer_cancel(d.handle) }

func (d *Deployer) AddRelease(image, version string) error {
	cImage, freeImage := cText(image)
	defer freeImage()
	cVersion, freeVersion := cText(version)
	defer freeVersion()
	var release *C.deploy_release
	var left *C.deploy_error
	err := taken(C.deploy_deployer_add_release(d.handle, cImage, cVersion, nil, &release, &left), &left)
	C.deploy_release_free(release)
	return err
}

func (d *Deployer) Approve(release, environment, comment string) error {
	cRelease, freeRelease := cText(release)
	defer freeRelease()
	cEnvironment, freeEnvironment := cText(environment)
	defer freeEnvironment()
	cComment, freeComment := cText(comment)
	defer freeComment()
	var left *C.deploy_error
	return taken(C.deploy_deployer_approve(d.handle, cRelease, cEnvironment, cComment, &left), &left)
}

// Deployment is the record of a promotion, copied.
type Deployment struct {
	Version, Environment, Outcome, Live string
	Reasons                             []string
	Evidence                            []Evidence
}

// Evidence is what was found on one host when a deployment failed.
type Evidence struct{ Host, ContainerStatus, VerdictReason string }

func (d *Deployer) Promote(release, environment string) (*Deployment, error) {
	cRelease, freeRelease := cText(release)
	defer freeRelease()
	cEnvironment, freeEnvironment := cText(environment)
	defer freeEnvironment()
	var done *C.deploy_deployment
	var left *C.deploy_error
	if err := taken(C.deploy_deployer_promote(d.handle, cRelease, cEnvironment, nil, &done, &left), &left); err != nil {
		return nil, err
	}
	defer C.deploy_deployment_free(done)
	return recordOf(done), nil
}

func recordOf(done *C.deploy_deployment) *Deployment {
	info := C.deployment_info(done)
	record := &Deployment{Version: C.GoString(info.version), Environment: C.GoString(info.environment),
		Outcome: C.GoString(info.outcome_name), Live: C.GoString(info.live_version)}
	for i := C.size_t(0); ; i++ {
		reason := C.deploy_deployment_get_reason(done, i)
		if reason == nil {
			break
		}
		record.Reasons = append(record.Reasons, C.GoString(reason))
	}
	var found C.deploy_evidence
	for i := C.size_t(0); C.evidence(done, i, &found) == C.DEPLOY_OK; i++ {
		record.Evidence = append(record.Evidence, Evidence{C.GoString(found.host), C.GoString(found.container_status), C.GoString(found.verdict_reason)})
	}
	return record
}
