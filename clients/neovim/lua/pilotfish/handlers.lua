-- What the server asks of the editor and tells it, beyond the protocol.
local M = {}

---@type table<string, function>
M.requests = {
  ["pilotfish/didChangeStatus"] = function(_, status, context)
    require("pilotfish.status").changed(context.client_id, status)
  end,
}

---@type table<string, function>
M.commands = {
  ["pilotfish.accepted"] = function(command, context)
    require("pilotfish.ghost").accepted(command, context.client_id)
  end,
}

return M
