-- The functions that are meant for you.
local M = {}

--- Take the ghost text. Made to be mapped, with a key that falls through:
--- >lua
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
--- something is wrong, `off`; empty in buffers that have no server.
--- >lua
---   vim.o.statusline = "%f %m%=%{v:lua.require'pilotfish'.statusline()} %l,%c"
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
