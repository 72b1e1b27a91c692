-- Defines what is there before a server runs: the command, the highlight groups, and what happens on
-- attaching. Everything else is loaded when it is first needed.
if vim.g.loaded_pilotfish then
  return
end
vim.g.loaded_pilotfish = true

if vim.fn.has("nvim-0.11") == 0 then
  vim.api.nvim_echo(
    { { "pilotfish needs Neovim 0.11 or newer; this one is older, so it stays off.", "WarningMsg" } },
    true,
    {}
  )
  return
end

require("pilotfish.highlights").define()
require("pilotfish.command").define()
require("pilotfish.attach").watch()
require("pilotfish.progress").watch()
require("pilotfish.page").watch()
