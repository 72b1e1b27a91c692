-- Does one code action in a real Neovim, as its user would, and prints what came of it as JSON.
-- nvim -l actions.lua REQUEST, a JSON file: {command, file, line, title, options, wait, root}
local request = vim.json.decode(table.concat(vim.fn.readfile(arg[1]), "\n"))
vim.o.swapfile = false
vim.g.loaded_python3_provider = 0
local progress = {}
vim.api.nvim_create_autocmd("LspProgress", {
  callback = function(event)
    table.insert(progress, event.data.params.value)
  end,
})
vim.lsp.config("pilotfish", {
  cmd = request.command,
  filetypes = { "python" },
  root_dir = request.root,
  init_options = request.options,
})
vim.lsp.enable("pilotfish")
vim.cmd.edit(request.file)
vim.bo.filetype = "python"
local function wait(what, condition)
  if not vim.wait(30000, condition, 5) then
    io.stderr:write("waited in vain for " .. what .. "\n")
    os.exit(1)
  end
end
wait("the server", function()
  local client = vim.lsp.get_clients({ bufnr = 0 })[1]
  return client and client.initialized
end)
local before = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
end
vim.api.nvim_win_set_cursor(0, { request.line, request.column or 0 })
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action)
    return vim.startswith(action.title, request.title)
  end,
})
if request.typed then
  wait("the model", function()
    return #progress > 0
  end)
  vim.api.nvim_buf_set_lines(0, 0, 0, false, { request.typed })
end
wait("the change", function()
  return text():find(request.wait, 1, true) ~= nil
end)
local after = text()
vim.cmd("silent undo")
local kinds = {}
for _, value in ipairs(progress) do
  table.insert(kinds, value.kind)
end
io.stdout:write(vim.json.encode({ before = before, after = after, undone = text(), progress = kinds }) .. "\n")
io.stdout:flush()
os.exit(0)
