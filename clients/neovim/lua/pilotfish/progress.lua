-- What the server is working on that can be cancelled.
local clients = require("pilotfish.client")

local M = {}

---@type table<integer, table<string, boolean>> by client, by token
local running = {}

--- Watch it.
function M.watch()
  vim.api.nvim_create_autocmd("LspProgress", {
    group = vim.api.nvim_create_augroup("pilotfish.progress", {}),
    callback = function(event)
      local token, value = event.data.params.token, event.data.params.value
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if not client or client.name ~= clients.NAME then
        return
      end
      running[client.id] = running[client.id] or {}
      if value.kind == "begin" and value.cancellable then
        running[client.id][token] = true
      elseif value.kind == "end" then
        running[client.id][token] = nil
      end
    end,
  })
end

--- Cancel all that is running.
---@return integer count how many
function M.cancel()
  local count = 0
  for _, client in ipairs(clients.all()) do
    for token in pairs(running[client.id] or {}) do
      client:notify("window/workDoneProgress/cancel", { token = token })
      count = count + 1
    end
  end
  return count
end

return M
