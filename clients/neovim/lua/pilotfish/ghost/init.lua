-- Ghost text: asked for at each change, shown while what is typed agrees with it, taken in whole or in parts.
local clients = require("pilotfish.client")
local events = require("pilotfish.events")
local menu = require("pilotfish.ghost.menu")
local offers = require("pilotfish.ghost.offer")
local painter = require(vim.lsp.inline_completion and "pilotfish.ghost.builtin" or "pilotfish.ghost.drawn")

local M = {}

local METHOD = "textDocument/inlineCompletion"
local INVOKED, AUTOMATIC = 1, 2

local is_watching = false

---@class pilotfish.Ghost what is known of a buffer
---@field offer? pilotfish.Offer
---@field shown? string what is on the screen
---@field place? string where it was last looked at
---@field request? integer that is being answered
---@type table<integer, pilotfish.Ghost>
local ghosts = setmetatable({}, {
  __index = function(self, buf)
    self[buf] = {}
    return self[buf]
  end,
})

--- The text and the place in it, as one value that can be compared.
---@param buf integer
local function place_of(buf)
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

--- Whether ghost text is wanted here and now.
---@param buf integer
---@return boolean
local function is_wanted(buf)
  return M.is_enabled(buf)
    and vim.bo[buf].buftype == ""
    and vim.startswith(vim.api.nvim_get_mode().mode, "i")
    -- A macro has to do the same each time: what comes from elsewhere, and when it comes, cannot be part of
    -- it.
    and vim.fn.reg_recording() == ""
    and vim.fn.reg_executing() == ""
end

---@param buf integer
local function clear(buf)
  ghosts[buf].offer, ghosts[buf].shown = nil, nil
  painter.clear(buf, clients.of(buf))
end

--- Put on the screen what is left of the offer, or nothing.
---@param buf integer
local function show(buf)
  local ghost, client = ghosts[buf], clients.of(buf)
  if not ghost.offer or not client or not offers.narrow(ghost.offer) then
    return clear(buf)
  end
  ghost.offer.is_short = menu.is_open()
  local before, seen = ghost.shown, offers.seen(ghost.offer)
  ghost.shown = seen
  if not seen then
    return painter.clear(buf, client)
  end
  painter.show(client, ghost.offer)
  if not before or not vim.endswith(before, seen) then
    events.tell("Shown", { buf = buf, text = seen, index = ghost.offer.index, count = #ghost.offer.items })
  end
end

---@param buf integer
local function cancel(buf)
  local ghost, client = ghosts[buf], clients.of(buf)
  if ghost.request and client then
    client:cancel_request(ghost.request)
  end
  ghost.request = nil
end

--- Ask the server.
---@param kind? integer 1 where the user asks, 2 by itself
function M.ask(kind)
  local buf = vim.api.nvim_get_current_buf()
  local client = clients.of(buf)
  if not client then
    return
  end
  cancel(buf)
  local ghost, place = ghosts[buf], place_of(buf)
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  params.context = { triggerKind = kind or INVOKED, selectedCompletionInfo = menu.selected(client) }
  local request
  local _, id = painter.request(client, METHOD, params, function(err, result)
    if ghost.request ~= request then
      return
    end
    ghost.request = nil
    local is_late = vim.api.nvim_get_current_buf() ~= buf or place_of(buf) ~= place
    if err or not result or result == vim.NIL or is_late or not is_wanted(buf) then
      return
    end
    local before = ghost.offer and offers.rest(ghost.offer)
    ghost.offer = offers.read(result, client.offset_encoding)
    if ghost.offer and before then
      offers.stay_with(ghost.offer, before)
    end
    show(buf)
  end, buf)
  request = id
  ghost.request = id
end

---@param buf integer
local function moved(buf)
  if vim.api.nvim_get_current_buf() ~= buf then
    return
  end
  local ghost, place = ghosts[buf], place_of(buf)
  if ghost.place == place then
    return
  end
  ghost.place = place
  if not is_wanted(buf) then
    cancel(buf)
    return clear(buf)
  end
  show(buf)
  M.ask(AUTOMATIC)
end

--- A menu has opened or closed, or another entry of it is selected.
local function menu_changed()
  local buf = vim.api.nvim_get_current_buf()
  if rawget(ghosts, buf) and ghosts[buf].place and is_wanted(buf) then
    ghosts[buf].place = place_of(buf)
    show(buf)
    M.ask(AUTOMATIC)
  end
end

---@param buf integer
local function left(buf)
  cancel(buf)
  clear(buf)
  ghosts[buf].place = nil
end

--- Offer ghost text in a buffer from now on.
---@param client vim.lsp.Client
---@param buf integer
function M.attach(client, buf)
  if not is_watching then
    is_watching = true
    menu.watch(menu_changed)
  end
  painter.attach(client, buf)
  local group = vim.api.nvim_create_augroup("pilotfish.ghost:" .. buf, {})
  vim.api.nvim_create_autocmd({ "CursorMovedI", "TextChangedI", "TextChangedP" }, {
    group = group,
    buffer = buf,
    callback = function()
      moved(buf)
    end,
  })
  vim.api.nvim_create_autocmd("InsertEnter", {
    group = group,
    buffer = buf,
    -- It is told just before the mode changes.
    callback = vim.schedule_wrap(function()
      moved(buf)
    end),
  })
  vim.api.nvim_create_autocmd({ "InsertLeave", "BufLeave" }, {
    group = group,
    buffer = buf,
    callback = function()
      left(buf)
    end,
  })
end

--- The server has gone, or the buffer has another name.
---@param buf integer
function M.detach(buf)
  painter.detach(buf)
  ghosts[buf] = nil
  vim.api.nvim_create_augroup("pilotfish.ghost:" .. buf, {})
end

---@return boolean
function M.is_visible()
  return ghosts[vim.api.nvim_get_current_buf()].shown ~= nil
end

--- Take it, or a part of it.
---@param unit "all"|"word"|"line"
---@return boolean taken
function M.accept(unit)
  if not M.is_visible() then
    return false
  end
  -- It is done by a key of our own, the very next, since an `<expr>` mapping may not change the text itself.
  local key = ('%s<Cmd>lua require("pilotfish.ghost").write(%q)<CR>'):format(menu.key_to_close(), unit)
  vim.api.nvim_feedkeys(vim.keycode(key), "in", false)
  return true
end

--- Write what was accepted.
---@param unit "all"|"word"|"line"
function M.write(unit)
  local buf = vim.api.nvim_get_current_buf()
  local ghost, client = ghosts[buf], clients.of(buf)
  local rest = ghost.offer and offers.rest(ghost.offer)
  local seen = rest and offers.seen(ghost.offer)
  if not seen or not client then
    return
  end
  local item, piece = ghost.offer.items[ghost.offer.index], offers.piece(seen, unit)
  require("pilotfish.ghost.insert").insert(piece)
  events.tell("Accepted", { buf = buf, text = piece, unit = unit, is_all = piece == rest })
  if piece ~= rest then
    return show(buf)
  end
  clear(buf)
  if item.command then
    client:exec_cmd(item.command, { bufnr = buf })
  end
end

--- The user has accepted all of what the server offered: tell it so.
---@param command lsp.Command
---@param client_id integer
function M.accepted(command, client_id)
  local client = vim.lsp.get_client_by_id(client_id)
  if client then
    clients.execute(client, command.command, command.arguments)
  end
end

--- Show another one of several.
---@param count integer
---@return boolean
function M.turn(count)
  local buf = vim.api.nvim_get_current_buf()
  local offer = M.is_visible() and ghosts[buf].offer
  if not offer or #offer.items < 2 then
    return false
  end
  offer.is_turned = true
  offer.index = (offer.index - 1 + count) % #offer.items + 1
  show(buf)
  return true
end

--- Take it off the screen until something is typed.
---@return boolean
function M.dismiss()
  local buf = vim.api.nvim_get_current_buf()
  if not M.is_visible() then
    return false
  end
  local text = ghosts[buf].shown
  cancel(buf)
  clear(buf)
  events.tell("Dismissed", { buf = buf, text = text })
  return true
end

return M
