-- What the server offers at a place, and what is left of it while it is typed along. Lines and columns are
-- Neovim's: rows from 0, columns in bytes.
local M = {}

---@class pilotfish.Item
---@field text string everything that it writes, from where it starts
---@field row integer where it starts
---@field col integer
---@field command? lsp.Command to be run when it was accepted

---@class pilotfish.Offer
---@field items pilotfish.Item[] best first, never empty
---@field index integer the one that is shown
---@field behind string what stands behind the cursor on its line
---@field is_turned? boolean whether the user has looked at others
---@field is_taken? boolean whether the user has taken a part of it
---@field is_short? boolean whether there is room for the rest of the cursor's line only

--- Where the cursor is, and what stands behind it.
---@return integer row
---@return integer col
---@return string behind
local function cursor()
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  return row - 1, col, vim.api.nvim_get_current_line():sub(col + 1)
end

--- Read an answer.
---@param result lsp.InlineCompletionList|lsp.InlineCompletionItem[]
---@param encoding string the client's
---@return pilotfish.Offer?
function M.read(result, encoding)
  local items = {}
  local row, col, behind = cursor()
  for _, each in ipairs(result.items or result) do
    local start = each.range and each.range.start
    local text = type(each.insertText) == "string" and each.insertText or each.insertText.value
    local line = start and vim.api.nvim_buf_get_lines(0, start.line, start.line + 1, false)[1]
    local item = { text = text:gsub("\r\n?", "\n"), row = row, col = col, command = each.command }
    if line then
      item.row, item.col = start.line, vim.str_byteindex(line, encoding, start.character, false)
    end
    table.insert(items, item)
  end
  local offer = { items = items, index = 1, behind = behind }
  return M.narrow(offer) and offer or nil
end

--- What an item would still write at the cursor of the current window; nil where something else was typed.
---@param offer pilotfish.Offer
---@param index? integer the shown one where it is left out
---@return string?
function M.rest(offer, index)
  local item = offer.items[index or offer.index]
  local row, col, behind = cursor()
  if row < item.row or (row == item.row and col < item.col) or behind ~= offer.behind then
    return nil
  end
  local written = table.concat(vim.api.nvim_buf_get_text(0, item.row, item.col, row, col, {}), "\n")
  if #written < #item.text and vim.startswith(item.text, written) then
    return item.text:sub(#written + 1)
  end
end

--- Forget the items that do not agree with what was typed.
---@param offer pilotfish.Offer
---@return boolean is_left whether there is any that does
function M.narrow(offer)
  local shown = offer.items[offer.index]
  local left = {}
  for index, item in ipairs(offer.items) do
    if M.rest(offer, index) then
      table.insert(left, item)
    end
  end
  offer.items = left
  offer.index = 1
  for index, item in ipairs(left) do
    offer.index = item == shown and index or offer.index
  end
  return #left > 0
end

--- Show the item of which this is left, if there is one: it is what the user is reading.
---@param offer pilotfish.Offer
---@param rest string
function M.stay_with(offer, rest)
  for index in ipairs(offer.items) do
    if M.rest(offer, index) == rest then
      offer.index, offer.is_turned = index, index > 1
    end
  end
end

--- What of it is shown; nil where that is nothing.
---@param offer pilotfish.Offer
---@param index? integer
---@return string?
function M.seen(offer, index)
  local rest = M.rest(offer, index)
  if rest and offer.is_short then
    rest = rest:match("^[^\n]+")
  end
  return rest
end

--- The part of a text that is taken at a time.
---@param text string
---@param unit "all"|"word"|"line"
---@return string
function M.piece(text, unit)
  if unit == "word" then
    -- Letters beyond ASCII are parts of words: all bytes of them are above 127.
    return text:match("^%s*[%w_\128-\255]+") or text:match("^%s*[^%w%s_\128-\255]+") or text
  elseif unit == "line" then
    return text:match("^\n?[^\n]*")
  end
  return text
end

return M
