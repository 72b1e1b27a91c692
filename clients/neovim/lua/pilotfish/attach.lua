-- What happens when a server is attached to a buffer.
local clients = require("pilotfish.client")

local M = {}

---@param client vim.lsp.Client
---@param buf integer
local function attached(client, buf)
  local server = require("pilotfish.server")
  local fault = server.too_old(client.server_info)
  if fault then
    vim.notify_once("pilotfish: " .. fault, vim.log.levels.WARN)
    vim.lsp.enable(clients.NAME, false)
    return
  end
  require("pilotfish.ghost").attach(client, buf)
  require("pilotfish.renamed").watch(client, buf)
end

--- Watch for it.
function M.watch()
  vim.api.nvim_create_autocmd("LspAttach", {
    group = vim.api.nvim_create_augroup("pilotfish.attach", {}),
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == clients.NAME then
        attached(client, event.buf)
      end
    end,
  })
end

return M
