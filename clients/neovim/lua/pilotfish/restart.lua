-- Starts a server that has died again: at once, then later, then no more.
local clients = require("pilotfish.client")

local M = {}

--- How long is waited after each death; after the last one it is left alone.
local DELAYS_MS = { 500, 3000 }
--- Who has lived so long has not died of how it was started.
local LONG_MS = 60000
--- How long a server may take to end, and how often it is looked whether it has.
local END_MS, POLL_MS = 2000, 20

local deaths = 0
local last_ms = 0

--- Start it for every buffer that is open.
function M.start()
  if vim.lsp.is_enabled(clients.NAME) then
    vim.lsp.enable(clients.NAME)
  end
end

--- A server has ended by itself.
function M.died()
  if vim.v.exiting ~= vim.NIL then
    return
  end
  local now_ms = vim.uv.now()
  deaths = now_ms - last_ms > LONG_MS and 1 or deaths + 1
  last_ms = now_ms
  if DELAYS_MS[deaths] then
    vim.defer_fn(M.start, DELAYS_MS[deaths])
  elseif deaths == #DELAYS_MS + 1 then
    vim.schedule(function()
      clients.say(
        "its server has ended three times; `:Pilotfish log` may say why, `:Pilotfish restart` tries again.",
        vim.log.levels.WARN
      )
    end)
  end
end

--- A server with a command line of the user's has ended.
---@param code integer
---@param signal integer
function M.exited(code, signal)
  if code ~= 0 or (signal ~= 0 and signal ~= 15) then
    M.died()
  end
end

--- Start new ones once the old ones have ended, which they are given time to do well.
---@param left_ms integer
local function start_after_end(left_ms)
  local old = vim.lsp.get_clients({ name = clients.NAME, _uninitialized = true })
  if #old == 0 then
    return M.start()
  end
  for _, client in ipairs(left_ms <= 0 and old or {}) do
    client:stop(true)
  end
  vim.defer_fn(function()
    start_after_end(left_ms - POLL_MS)
  end, POLL_MS)
end

--- The user wants new ones.
function M.now()
  deaths = 0
  for _, client in ipairs(clients.all()) do
    client:stop()
  end
  start_after_end(END_MS)
end

return M
