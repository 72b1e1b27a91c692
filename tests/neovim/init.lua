-- What a user writes, and what keeps a Neovim that nobody looks at from waiting for one.
vim.opt.runtimepath:prepend(vim.env.PILOTFISH_PLUGIN)
vim.g.loaded_python3_provider = 0
vim.o.messagesopt = "wait:0,history:500"
vim.o.swapfile = false
vim.o.shortmess = vim.o.shortmess .. "I"
