-- Where the user is, and whether ghost text is wanted there.

---@section pilotfish-where Where it is offered
--- In insert mode, in buffers that are files; not in a prompt, a terminal or the
--- command-line window, and not while a macro is recorded or played: a macro has
--- to do the same each time.

---@entry b:pilotfish_enabled
--- `vim.b.pilotfish_enabled = false` switches it off in a buffer.

---@entry g:pilotfish_enabled
--- `vim.g.pilotfish_enabled = false` switches it off wherever the buffer's own
--- variable does not say otherwise: >lua
---   vim.g.pilotfish_enabled = false
---   vim.api.nvim_create_autocmd("FileType", {
---     pattern = { "python", "go" },
---     callback = function()
---       vim.b.pilotfish_enabled = true
---     end,
---   })
--- <

local painter = require("pilotfish.ghost.painter")

local M = {}

--- The text and the place in it, as one value that can be compared.
---@param buf integer the current one
---@return string
function M.here(buf)
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  return ("%d:%d:%d"):format(vim.api.nvim_buf_get_changedtick(buf), row, col)
end

--- Whether the user wants it in a buffer.
---@param buf integer
---@return boolean
function M.is_enabled(buf)
  local own = vim.b[buf].pilotfish_enabled
  if own == nil then
    own = vim.g.pilotfish_enabled
  end
  return own ~= false
end

--- Whether it is wanted here and now.
---@param buf integer
---@return boolean
function M.is_wanted(buf)
  return M.is_enabled(buf)
    and vim.api.nvim_get_current_buf() == buf
    and vim.bo[buf].buftype == ""
    and painter.is_on(buf)
    and vim.startswith(vim.api.nvim_get_mode().mode, "i")
    -- A macro has to do the same each time: what comes from elsewhere, sooner or later, cannot be part of it.
    and vim.fn.reg_recording() == ""
    and vim.fn.reg_executing() == ""
end

return M
