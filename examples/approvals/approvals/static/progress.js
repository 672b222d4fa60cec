// Shows how a promotion goes, and loads the page anew when there is something new to decide on. The page works without it.
"use strict";
(() => {
  const section = document.getElementById("progress");
  const steps = document.getElementById("steps");
  const after = section.dataset.running === "yes" ? 0 : section.dataset.after;
  const events = new EventSource("/events?after=" + after);
  const add = (event) => {
    const told = JSON.parse(event.data);
    if (event.type === "deployment_started") steps.replaceChildren();
    const item = document.createElement("li");
    item.className = event.type;
    item.textContent = told.host ? told.message + " (" + told.host + ")" : told.message;
    section.hidden = false;
    steps.append(item);
  };
  for (const kind of ["deployment_started", "step_started", "step_failed", "step_undone", "baking", "verified", "quarantined", "warning", "deployment_finished"]) events.addEventListener(kind, add);
  const isTyping = () => [...document.querySelectorAll("textarea")].some((box) => box.value !== "");
  const reload = () => setTimeout(() => location.reload(), 400);
  events.addEventListener("over", reload);
  events.addEventListener("decided", () => { if (!isTyping()) reload(); });
})();
