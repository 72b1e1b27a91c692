-- What `vim.lsp.enable("pilotfish")` starts. Each field can be set anew by `vim.lsp.config("pilotfish",
-- {…})`.

-- Whoever puts this folder on the runtime path late has not had it sourced.
vim.cmd.runtime("plugin/pilotfish.lua")

return {
  cmd = function(dispatchers, config)
    return require("pilotfish.server").start(dispatchers, config)
  end,
  root_markers = { ".pilotfish.toml", ".git", ".jj", ".hg" },
  capabilities = {
    -- Neovim 0.11 does not say so, but the plugin can.
    textDocument = { inlineCompletion = { dynamicRegistration = false } },
    experimental = { pilotfish = { ask = true, editPreview = true, waitsMs = 0 } },
  },
  handlers = require("pilotfish.handlers"),
  on_exit = function(code, signal)
    require("pilotfish.restart").exited(code, signal)
  end,
}
