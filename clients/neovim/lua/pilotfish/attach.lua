-- What happens when a server is attached to a buffer, and when it goes.
local clients = require("pilotfish.client")

local M = {}

---@param client vim.lsp.Client
---@param buf integer
local function attached(client, buf)
  -- Neovim 0.12 attaches servers to pages of help too.
  if vim.bo[buf].buftype ~= "" then
    return vim.schedule(function()
      vim.lsp.buf_detach_client(buf, client.id)
    end)
  end
  local server = require("pilotfish.server")
  local fault = server.too_old(client.server_info)
  if fault then
    vim.notify_once("pilotfish: " .. fault, vim.log.levels.WARN)
    vim.lsp.enable(clients.NAME, false)
    return
  end
  require("pilotfish.ghost").attach(client, buf)
  require("pilotfish.renamed").watch(client, buf)
  require("pilotfish.diagnostics").share(client)
end

--- Watch for it.
function M.watch()
  local group = vim.api.nvim_create_augroup("pilotfish.attach", {})
  local function on(name, react)
    vim.api.nvim_create_autocmd(name, {
      group = group,
      callback = function(event)
        local client = vim.lsp.get_client_by_id(event.data.client_id)
        if client and client.name == clients.NAME then
          react(client, event.buf)
        end
      end,
    })
  end
  on("LspAttach", attached)
  on("LspDetach", function(_, buf)
    require("pilotfish.ghost").detach(buf)
  end)
end

return M
