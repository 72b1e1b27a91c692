-- A buffer that gets another name (`:file`, `:saveas`) is another document: Neovim tells the server only when
-- it is written, and until then the server would be asked about a document that it does not know.
local M = {}

---@param client vim.lsp.Client
---@param buf integer
function M.watch(client, buf)
  local group = vim.api.nvim_create_augroup("pilotfish.renamed:" .. buf, {})
  vim.api.nvim_create_autocmd("BufFilePre", {
    group = group,
    buffer = buf,
    callback = function()
      vim.lsp.buf_detach_client(buf, client.id)
    end,
  })
  vim.api.nvim_create_autocmd("BufFilePost", {
    group = group,
    buffer = buf,
    callback = function()
      vim.lsp.buf_attach_client(buf, client.id)
    end,
  })
end

return M
