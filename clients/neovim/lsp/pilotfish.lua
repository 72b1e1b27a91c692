-- What `vim.lsp.enable("pilotfish")` starts. Each field can be set anew by `vim.lsp.config("pilotfish", {…})`.

-- Whoever puts this folder on the runtime path late has not had it sourced.
vim.cmd.runtime("plugin/pilotfish.lua")

local handlers = require("pilotfish.handlers")

return {
  cmd = function(dispatchers, config)
    return require("pilotfish.server").start(dispatchers, config)
  end,
  root_markers = { ".pilotfish.toml", ".git", ".jj", ".hg" },
  capabilities = {
    textDocument = { inlineCompletion = { dynamicRegistration = false } },
    experimental = { pilotfish = { ask = true, editPreview = true } },
  },
  handlers = handlers.requests,
  commands = handlers.commands,
}
