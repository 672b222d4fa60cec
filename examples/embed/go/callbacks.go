package main

// Functions that C calls. They stand apart because cgo allows no definitions in the preamble of a file with exports.

// #include <deploy/deploy.h>
// #include <stdlib.h>
import "C"

import (
	"errors"
	"fmt"
	"runtime/cgo"
	"unsafe"
)

type callbacks struct {
	events func(Event)
	check  func(Decision) (string, error)
}

// Event is what happens, as it happens.
type Event struct {
	IsGateAnswer        bool
	Kind, Host, Message string
}

// Decision is somebody's approval or denial of a release.
type Decision struct {
	Granted                        bool
	Approver, Version, Environment string
}

// One event at a time. It is lent: all that is kept is copied.
//
//export goEvent
func goEvent(event *C.deploy_event, handle C.uintptr_t) {
	info := C.deploy_event_info{struct_size: C.sizeof_deploy_event_info}
	if C.deploy_event_get_info(event, &info) == C.DEPLOY_OK {
		cgo.Handle(handle).Value().(callbacks).events(Event{info.kind == C.DEPLOY_EVENT_GATE_ANSWERED, C.GoString(info.kind_name), C.GoString(info.host), C.GoString(info.message)})
	}
}

// Asked before a decision is recorded and before it counts. No panic passes through the library: it becomes an error, which comes back to
// who called the deployer, as does an error of the check.
//
//export goCheck
func goCheck(handle C.uintptr_t, decision *C.deploy_decision, call *C.deploy_call, outError **C.deploy_error) (status C.deploy_status) {
	defer func() {
		if panicked := recover(); panicked != nil {
			status = answer(fmt.Errorf("the approval check panicked: %v", panicked), outError)
		}
	}()
	info := C.deploy_decision_info{struct_size: C.sizeof_deploy_decision_info}
	if status := C.deploy_decision_get_info(decision, &info); status != C.DEPLOY_OK {
		return status
	}
	asked := Decision{info.granted != 0, C.GoString(info.approver), C.GoString(info.version), C.GoString(info.environment)}
	objection, err := cgo.Handle(handle).Value().(callbacks).check(asked)
	if err != nil {
		return answer(err, outError)
	}
	if objection == "" {
		return C.DEPLOY_OK
	}
	text, free := cText(objection)
	defer free()
	return C.deploy_call_give_text(call, text, C.size_t(len(objection))) // copied
}

// answer makes an error of the library, which belongs to it from then on.
func answer(err error, outError **C.deploy_error) C.deploy_status {
	ours := &Error{C.DEPLOY_INTERNAL, "approval_check", err.Error()}
	errors.As(err, &ours)
	area, message := C.CString(ours.Area), C.CString(ours.Message)
	defer C.free(unsafe.Pointer(area))
	defer C.free(unsafe.Pointer(message))
	*outError = C.deploy_error_new(ours.Status, area, message)
	return ours.Status
}
