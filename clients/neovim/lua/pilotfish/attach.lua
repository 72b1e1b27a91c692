-- What happens when a server is attached to a buffer.
local M = {}

--- Watch for it.
function M.watch()
  vim.api.nvim_create_autocmd("LspAttach", {
    group = vim.api.nvim_create_augroup("pilotfish.attach", {}),
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == require("pilotfish.client").NAME then
        require("pilotfish.ghost").attach(client, event.buf)
      end
    end,
  })
end

return M
