-- Ghost text: asked for at each change, shown for as long as what is typed agrees with it.
local asking = require("pilotfish.ghost.ask")
local clients = require("pilotfish.client")
local events = require("pilotfish.events")
local menu = require("pilotfish.ghost.menu")
local offers = require("pilotfish.ghost.offer")
local painter = require("pilotfish.ghost.painter")
local places = require("pilotfish.ghost.place")

local M = {}

---@class pilotfish.Ghost what is known of a buffer
---@field place? string where it was looked at last
---@field offer? pilotfish.Offer
---@field shown? string what of it is on the screen

---@type table<integer, pilotfish.Ghost>
local ghosts = setmetatable({}, {
  __index = function(self, buf)
    self[buf] = {}
    return self[buf]
  end,
})

--- What is offered in a buffer.
---@param buf integer
---@return pilotfish.Offer?
function M.offer(buf)
  return ghosts[buf].offer
end

--- Whether ghost text is on the screen, in the current buffer.
---@return boolean
function M.is_visible()
  return ghosts[vim.api.nvim_get_current_buf()].shown ~= nil
end

---@param buf integer
local function clear(buf)
  ghosts[buf].offer, ghosts[buf].shown = nil, nil
  painter.clear(buf, clients.of(buf))
end

--- Put on the screen what is left of the offer, or nothing.
---@param buf integer the current one
function M.show(buf)
  local ghost, client = ghosts[buf], clients.of(buf)
  if not ghost.offer or not client or not offers.narrow(ghost.offer) then
    return clear(buf)
  end
  ghost.offer.is_short = menu.is_open()
  local before, seen = ghost.shown, offers.seen(ghost.offer)
  ghost.shown = seen and painter.show(client, ghost.offer) and seen or nil
  if not ghost.shown then
    return painter.clear(buf, client)
  end
  if not before or not vim.endswith(before, seen) then
    events.tell("Shown", { buf = buf, text = seen, index = ghost.offer.index, count = #ghost.offer.items })
  end
end

--- Ask for ghost text at the cursor.
---@param kind integer
function M.ask(kind)
  local buf = vim.api.nvim_get_current_buf()
  asking.ask(buf, kind, function(result, client)
    local ghost = ghosts[buf]
    local reading = ghost.offer and offers.rest(ghost.offer)
    local offer = offers.read(result, client.offset_encoding)
    -- Who has taken a part of it waits for the rest, which a server that is asked anew may not be sure of.
    if not offer and reading and ghost.offer.is_taken then
      return
    end
    ghost.offer = offer
    if ghost.offer and reading then
      offers.stay_with(ghost.offer, reading)
    end
    M.show(buf)
  end)
end

--- Take it off the screen, and do not wait for any.
---@param buf integer
local function leave(buf)
  asking.cancel(buf)
  clear(buf)
end

--- See whether what is shown is still true, and ask anew.
---@param buf integer
---@param is_same_place? boolean
local function look(buf, is_same_place)
  if not vim.api.nvim_buf_is_valid(buf) or vim.api.nvim_get_current_buf() ~= buf then
    return
  end
  local ghost, place = ghosts[buf], places.here(buf)
  if ghost.place == place and not is_same_place then
    return
  end
  ghost.place = place
  if not places.is_wanted(buf) then
    return leave(buf)
  end
  M.show(buf)
  M.ask(asking.AUTOMATIC)
end

--- Something else than the text has changed: what a menu shows, what the server knows.
function M.look_again()
  local buf = vim.api.nvim_get_current_buf()
  if rawget(ghosts, buf) and places.is_wanted(buf) then
    look(buf, true)
  end
end

--- Show another one of several.
---@param count integer how many further; less than 0 for back
---@return boolean shown
function M.turn(count)
  local buf = vim.api.nvim_get_current_buf()
  local offer = M.is_visible() and ghosts[buf].offer
  if not offer or #offer.items < 2 then
    return false
  end
  offer.is_turned = true
  offer.index = (offer.index - 1 + count) % #offer.items + 1
  M.show(buf)
  return true
end

--- Take it off the screen until something is typed.
---@return boolean dismissed
function M.dismiss()
  local buf = vim.api.nvim_get_current_buf()
  local text = ghosts[buf].shown
  if text then
    leave(buf)
    events.tell("Dismissed", { buf = buf, text = text })
  end
  return text ~= nil
end

--- Offer ghost text in a buffer from now on.
---@param client vim.lsp.Client
---@param buf integer
function M.attach(client, buf)
  ghosts[buf] = {}
  painter.attach(client, buf, function()
    if vim.api.nvim_get_current_buf() == buf then
      M.show(buf)
    end
  end)
  local group = vim.api.nvim_create_augroup("pilotfish.ghost:" .. buf, {})
  local function on(names, react)
    vim.api.nvim_create_autocmd(names, { group = group, buffer = buf, callback = react })
  end
  local function look_here()
    look(buf)
  end
  on({ "CursorMovedI", "TextChangedI", "TextChangedP" }, look_here)
  -- It comes just before the mode changes.
  on("InsertEnter", vim.schedule_wrap(look_here))
  on({ "InsertLeave", "BufLeave" }, function()
    leave(buf)
    ghosts[buf].place = nil
  end)
  menu.watch(M.look_again)
  M.look_again()
end

--- The server has gone, or the buffer has got another name.
---@param buf integer
function M.detach(buf)
  painter.detach(buf)
  ghosts[buf] = nil
  vim.api.nvim_create_augroup("pilotfish.ghost:" .. buf, {})
end

return M
