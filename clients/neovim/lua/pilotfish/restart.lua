-- Starts a server that has died again: at once, then later, then no more.
local clients = require("pilotfish.client")

local M = {}

--- How long is waited after each death; after the last one it is left alone.
local DELAYS_MS = { 500, 3000 }
--- Who has lived so long has not died of how it was started.
local LONG_MS = 60000

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
  local delay_ms = DELAYS_MS[deaths]
  if delay_ms then
    vim.defer_fn(M.start, delay_ms)
  else
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

--- The user wants new ones.
function M.now()
  deaths = 0
  for _, client in ipairs(clients.all()) do
    client:stop()
  end
  -- They are given a moment to end well.
  vim.wait(2000, function()
    return #vim.lsp.get_clients({ name = clients.NAME, _uninitialized = true }) == 0
  end, 10)
  for _, client in ipairs(clients.all()) do
    client:stop(true)
  end
  M.start()
end

return M
