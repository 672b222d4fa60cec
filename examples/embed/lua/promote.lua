-- Promotes a good release and a bad one in the simulator, and says how each ended. Whose approval counts is decided by a rota of its own.
--
--     luajit promote.lua ../deploy.json
package.path = arg[0]:match("^(.*/)") and arg[0]:match("^(.*/)") .. "?.lua;" .. package.path or package.path
local ffi = require("ffi")
local deploy = require("deploy")
local C, text = deploy.C, deploy.text

-- One event at a time. It is lent: what is to stay is copied before this returns.
local tell = ffi.cast("deploy_event_fn", function(event)
  local info = deploy.fetch("event_info", "event_get_info", event)
  if text(info.host) ~= "" or info.kind == C.DEPLOY_EVENT_GATE_ANSWERED then return end
  print(("  %s: %s"):format(text(info.kind_name), text(info.message)))
end)

-- A port of our own: the configuration says who may approve, the rota says who may today. Silence is consent.
local rota = { bob = true }
local on_duty = ffi.cast("deploy_check_fn", function(_, decision, call, out_error)
  return deploy.answer(out_error, function()
    local info = deploy.fetch("decision_info", "decision_get_info", decision)
    if rota[text(info.approver)] then return end
    local objection = text(info.approver) .. " is not on duty today"
    C.deploy_call_give_text(call, objection, #objection) -- copied
  end)
end)

local function open(world, actor)
  local check, options = deploy.record("approval_check"), deploy.record("deployer_options")
  check.check = on_duty
  options.actor, options.on_event, options.approval_check = actor, actor == "embed-lua" and tell or nil, check
  local deployer = deploy.give("deployer", "simulation_open", world, options) -- the tables are copied
  return deployer -- no tail call: `check` has to live until then
end

local function show(done)
  local info = deploy.fetch("deployment_info", "deployment_get_info", done)
  print(("%s to %s: %s; live: %s"):format(text(info.version), text(info.environment), text(info.outcome_name), text(info.live_version) or "nothing"))
  local index, reason = 0, C.deploy_deployment_get_reason(done, 0)
  while reason ~= nil do
    print("  because " .. text(reason))
    index = index + 1
    reason = C.deploy_deployment_get_reason(done, index)
  end
  local found = deploy.record("evidence")
  index = 0
  while C.deploy_deployment_get_evidence(done, index, found) == C.DEPLOY_OK do
    print(("  found on %s: %s, %s"):format(text(found.host), text(found.container_status), text(found.verdict_reason)))
    index = index + 1
  end
end

local function promote(deployer, version, environment)
  show(deploy.give("deployment", "deployer_promote", deployer, version, environment, nil))
end

local function ship(world, deployer, version, behaviour)
  local image = ffi.new("const char *[1]") -- lent
  deploy.call("simulation_publish", world, version, behaviour, image)
  deploy.give("release", "deployer_add_release", deployer, image[0], version, nil)
  promote(deployer, version, "staging")
end

-- Somebody says yes, with a deployer of their own.
local function approve(world, who, version)
  local deployer = open(world, who)
  local fine, raised = pcall(deploy.call, "deployer_approve", deployer, version, "production", "tried it by hand")
  print(("%s approves: %s"):format(who, fine and "recorded" or tostring(raised)))
  deploy.close(deployer, "deployer")
end

local function play(path)
  local world = deploy.give("simulation", "simulation_new", deploy.give("config", "config_load", path))
  local deployer = open(world, "embed-lua")
  ship(world, deployer, "1.0.0", "good")
  ship(world, deployer, "1.1.0", "unhealthy")
  approve(world, "alice", "1.0.0")
  approve(world, "bob", "1.0.0")
  promote(deployer, "1.0.0", "production")
  deploy.close(deployer, "deployer")
  tell:free()
  on_duty:free()
end

if #arg ~= 1 then
  io.stderr:write("usage: luajit promote.lua CONFIG\n")
  os.exit(2)
end
local fine, raised = pcall(play, arg[1])
if not fine then
  io.stderr:write(tostring(raised), "\n")
  os.exit(1)
end
