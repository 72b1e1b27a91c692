-- The functions that are meant for you.

---@section pilotfish Quick start
--- pilotfish completes code as you type, as ghost text behind the cursor, and
--- offers code actions. It is a server, `pilotfish serve`, and this plugin. With
--- no settings at all it completes from your own code base, on your own machine.
---
--- It needs Neovim 0.11 or newer and the server (see |pilotfish-server|). With
--- this folder on 'runtimepath', one line in your init.lua switches it on: >lua
---   vim.lsp.enable("pilotfish")
--- <
--- and these take the ghost text, by keys of your choice; where there is none,
--- the key does what it did before: >lua
---   local pilotfish = require("pilotfish")
---   local function map(key, take)
---     vim.keymap.set("i", key, function()
---       return take() and "" or key
---     end, { expr = true })
---   end
---   map("<Tab>", pilotfish.accept)
---   map("<M-w>", pilotfish.accept_word)
---   map("<M-l>", pilotfish.accept_line)
---   map("<M-n>", pilotfish.next)
---   map("<M-p>", pilotfish.previous)
---   map("<C-]>", pilotfish.dismiss)
--- <
--- Code actions are in Neovim's own menu, |gra|.

---@section pilotfish-functions Functions
--- The functions of `require("pilotfish")`. The first six are made for `<expr>`
--- mappings: they return whether there was ghost text.

local M = {}

--- Take the ghost text. Made to be mapped, with a key that falls through: >lua
---   vim.keymap.set("i", "<Tab>", function()
---     return require("pilotfish").accept() and "" or "<Tab>"
---   end, { expr = true })
--- <
---@return boolean taken false where there is none
function M.accept()
  return require("pilotfish.ghost.accept").accept("all")
end

--- Take its next word only.
---@return boolean taken
function M.accept_word()
  return require("pilotfish.ghost.accept").accept("word")
end

--- Take its next line only.
---@return boolean taken
function M.accept_line()
  return require("pilotfish.ghost.accept").accept("line")
end

--- Show the next of several.
---@return boolean shown false where there is none
function M.next()
  return require("pilotfish.ghost").turn(1)
end

--- Show the one before.
---@return boolean shown
function M.previous()
  return require("pilotfish.ghost").turn(-1)
end

--- Take it off the screen until something is typed.
---@return boolean dismissed false where there was none
function M.dismiss()
  return require("pilotfish.ghost").dismiss()
end

--- Ask for ghost text now: what is unsure, which is kept back while you type, is shown too.
function M.ask()
  require("pilotfish.ghost").ask(1)
end

--- Whether there is ghost text on the screen.
---@return boolean
function M.is_visible()
  return require("pilotfish.ghost").is_visible()
end

--- For a status line: `pilotfish`, with how much is indexed, `…` while a model is waited for, `!` where
--- something is wrong, `off`; empty in buffers that have no server: >lua
---   vim.o.statusline =
---     "%f %m%=%{v:lua.require'pilotfish'.statusline()} %l,%c"
--- <
---@param buf? integer the current buffer where it is left out
---@return string
function M.statusline(buf)
  return require("pilotfish.status").line(buf)
end

--- What the server has said of itself last, as in docs/protocol.md; nil where there is none.
---@param buf? integer
---@return pilotfish.Status?
function M.status(buf)
  return require("pilotfish.status").of(buf)
end

return M
