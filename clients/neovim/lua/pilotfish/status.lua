-- What each server is doing, and the component for a status line.
local M = {}

---@type table<integer, table> by client
local known = {}

--- A server has said how it is.
---@param client_id integer
---@param status table as in docs/protocol.md
function M.changed(client_id, status)
  known[client_id] = status
  require("pilotfish.events").tell("Status", status)
  vim.cmd.redrawstatus({ bang = true })
end

--- What was last said of a buffer's server.
---@param buf? integer
---@return table?
function M.of(buf)
  local client = require("pilotfish.client").of(buf)
  return client and known[client.id]
end

return M
