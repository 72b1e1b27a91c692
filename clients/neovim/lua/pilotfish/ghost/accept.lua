-- Takes ghost text, in whole or in parts: writes it, tells whoever listens, and the server.
local clients = require("pilotfish.client")
local events = require("pilotfish.events")
local ghost = require("pilotfish.ghost")
local menu = require("pilotfish.ghost.menu")
local offers = require("pilotfish.ghost.offer")

local M = {}

--- Insert at the cursor, as an undo step of its own.
---@param text string
local function insert(text)
  -- Setting this ends the undo step that the insertion has begun.
  vim.bo.undolevels = vim.bo.undolevels
  -- What is pasted belongs to what `.` repeats.
  vim.api.nvim_paste(text, false, -1)
end

--- Take it, or a part of it.
---@param unit "all"|"word"|"line"
---@return boolean taken
function M.accept(unit)
  if not ghost.is_visible() then
    return false
  end
  -- It is done by a key of our own, the very next, since an `<expr>` mapping may not change the text itself.
  local key = ('%s<Cmd>lua require("pilotfish.ghost.accept").write(%q)<CR>'):format(menu.key_to_close(), unit)
  vim.api.nvim_feedkeys(vim.keycode(key), "in", false)
  return true
end

--- Write what was taken.
---@param unit "all"|"word"|"line"
function M.write(unit)
  local buf = vim.api.nvim_get_current_buf()
  local client, offer = clients.of(buf), ghost.offer(buf)
  local rest = offer and offers.rest(offer)
  local seen = rest and offers.seen(offer)
  if not seen or not client then
    return
  end
  local item, piece = offer.items[offer.index], offers.piece(seen, unit)
  offer.is_taken = true
  insert(piece)
  events.tell("Accepted", { buf = buf, text = piece, unit = unit, is_all = piece == rest })
  ghost.show(buf)
  if piece == rest and item.command then
    client:exec_cmd(item.command, { bufnr = buf })
  end
end

return M
