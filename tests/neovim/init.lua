-- luacheck: globals Told Asked Progress Colours
-- What a user writes, and what keeps a Neovim that nobody looks at from waiting for one.
vim.opt.runtimepath:prepend(vim.env.PILOTFISH_PLUGIN)
vim.g.loaded_python3_provider = 0
vim.o.messagesopt = "wait:0,history:500"
vim.o.swapfile = false
vim.o.shortmess = vim.o.shortmess .. "I"
-- As a colour scheme does: groups that are only links are told to the screen by the names of their targets.
function Colours()
  vim.api.nvim_set_hl(0, "ComplHint", { fg = "#808080", italic = true })
  vim.api.nvim_set_hl(0, "ComplHintMore", { fg = "#80a080" })
  vim.api.nvim_set_hl(0, "PilotfishAdd", { bg = "#204020" })
  vim.api.nvim_set_hl(0, "PilotfishDelete", { bg = "#402020" })
end
Colours()

if vim.env.PILOTFISH_OPTIONS then
  vim.lsp.config("pilotfish", { init_options = vim.json.decode(vim.env.PILOTFISH_OPTIONS) })
end
vim.lsp.enable("pilotfish")
for key, name in pairs({
  ["<Tab>"] = "accept",
  ["<M-w>"] = "accept_word",
  ["<M-l>"] = "accept_line",
  ["<M-n>"] = "next",
  ["<M-p>"] = "previous",
  ["<C-e>"] = "dismiss",
}) do
  vim.keymap.set("i", key, function()
    return require("pilotfish")[name]() and "" or key
  end, { expr = true })
end
vim.keymap.set("i", "<M-a>", function()
  require("pilotfish").ask()
end)
-- What was told by autocommands, oldest first.
Told = {}
vim.api.nvim_create_autocmd("User", {
  pattern = "Pilotfish*",
  callback = function(event)
    table.insert(Told, { event.match, event.data })
  end,
})
-- The buffers that ghost text was asked for in.
Asked = {}
vim.api.nvim_create_autocmd("LspRequest", {
  callback = function(event)
    local request = event.data.request
    if request.type == "pending" and request.method == "textDocument/inlineCompletion" then
      table.insert(Asked, event.buf)
    end
  end,
})
-- How far the server's work has come, as Neovim tells it to everybody.
Progress = {}
vim.api.nvim_create_autocmd("LspProgress", {
  callback = function(event)
    table.insert(Progress, event.data.params.value)
  end,
})
