-- What each server is doing: for a status line, for `:Pilotfish status`.
local clients = require("pilotfish.client")

local M = {}

---@class pilotfish.Status as in docs/protocol.md
---@field version string
---@field backend string
---@field state "ready"|"thinking"|"off"|"problem"
---@field problem? {text: string, action: string|vim.NIL}
---@field index {state: string, files: integer, total: integer}

---@type table<integer, pilotfish.Status> by client
local known = {}

--- A server has said how it is.
---@param client_id integer
---@param status pilotfish.Status
function M.changed(client_id, status)
  status.problem = status.problem ~= vim.NIL and status.problem or nil
  local before = known[client_id]
  known[client_id] = status
  require("pilotfish.events").tell("Status", status)
  if before and before.index.state ~= "ready" and status.index.state == "ready" then
    -- Who has typed already, and got nothing, need not type on for it.
    require("pilotfish.ghost").look_again()
  end
  vim.cmd.redrawstatus({ bang = true })
end

--- What was last said of a buffer's server.
---@param buf? integer the current one where it is left out
---@return pilotfish.Status?
function M.of(buf)
  local client = clients.of(buf)
  return client and known[client.id]
end

--- For a status line: short, and empty where there is no server.
---@param buf? integer
---@return string
function M.line(buf)
  local client = clients.of(buf)
  if not client then
    return ""
  end
  local status = known[client.id]
  if not require("pilotfish.ghost.place").is_enabled(buf or 0) or (status and status.state == "off") then
    return "pilotfish off"
  elseif not status then
    return "pilotfish"
  elseif status.state == "problem" then
    return "pilotfish !"
  elseif status.state == "thinking" then
    return "pilotfish …"
  elseif status.index.state == "building" and status.index.total > 0 then
    return ("pilotfish %d%%"):format(math.floor(100 * math.min(status.index.files / status.index.total, 1)))
  end
  return "pilotfish"
end

--- In words.
---@param buf integer
---@param status pilotfish.Status
---@return string
local function words(buf, status)
  local index, files = status.index, ""
  if index.state == "ready" then
    files = (", %d files"):format(index.files)
  elseif index.total > 0 then
    files = (", %d of %d files"):format(index.files, index.total)
  end
  local parts = {
    ("%s, %s"):format(status.version, status.state),
    ("asks %s"):format(status.backend),
    ("index %s%s"):format(index.state, files),
  }
  if not require("pilotfish.ghost.place").is_enabled(buf) then
    table.insert(parts, "switched off in this buffer")
  end
  local text = table.concat(parts, "; ")
  local problem = status.problem
  if problem then
    text = text .. "\n" .. problem.text .. (problem.action ~= vim.NIL and "\n" .. problem.action or "")
  end
  return text
end

--- What the server of the current buffer is doing, in words.
---@param said fun(text: string)
function M.ask(said)
  local buf = vim.api.nvim_get_current_buf()
  local client = clients.of(buf)
  if not client then
    return said("no server is attached to this buffer")
  end
  client:request("pilotfish/status", vim.empty_dict(), function(err, status)
    if err then
      return said(err.message)
    end
    M.changed(client.id, status)
    said(words(buf, status))
  end)
end

return M
