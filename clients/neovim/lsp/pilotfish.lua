-- What `vim.lsp.enable("pilotfish")` starts.

---@section pilotfish-settings Settings
--- There is nothing that has to be set. What can be:
---
--- - The server's settings (its docs/configuration.md), in a file of your own,
---   `~/.config/pilotfish/config.toml`, or here: >lua
---   vim.lsp.config("pilotfish", {
---     settings = { pilotfish = { completion = { max_lines = 1 } } },
---   })
--- <
--- - Which files: `filetypes` (all, if it is not set) and `root_markers`.
--- - Which server: `cmd`, such as `{ "/path/to/pilotfish", "serve" }`.
---
--- All fields of |vim.lsp.Config| can be set in this way.

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
