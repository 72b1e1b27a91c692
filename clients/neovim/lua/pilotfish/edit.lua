-- Edit with an instruction: what to do is asked for, the change is shown by preview.lua.
local clients = require("pilotfish.client")
local preview = require("pilotfish.preview")

local M = {}

--- What is meant, as the protocol has it: whole lines, or the cursor, and with it the definition around it.
---@param client vim.lsp.Client
---@param lines? integer[] the first and the last, from 1
---@return lsp.Range
local function range_of(client, lines)
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local first, last = unpack(lines or { row, row })
  local line = vim.api.nvim_buf_get_lines(0, last - 1, last, true)[1]
  local from = lines and 0 or vim.str_utfindex(line, client.offset_encoding, col, false)
  local to = lines and vim.str_utfindex(line, client.offset_encoding) or from
  return { start = { line = first - 1, character = from }, ["end"] = { line = last - 1, character = to } }
end

--- Have a part of the current buffer changed as you say.
---@param lines? integer[] the first and the last, from 1; without them the definition around the cursor
---@param instruction? string asked for where it is left out
function M.edit(lines, instruction)
  local buf = vim.api.nvim_get_current_buf()
  local client = clients.of(buf)
  if not client then
    return clients.say("no server is attached to this buffer", vim.log.levels.WARN)
  end
  if not instruction or instruction == "" then
    return vim.ui.input({ prompt = "Edit: " }, function(said)
      if said and said ~= "" then
        M.edit(lines, said)
      end
    end)
  end
  local range = range_of(client, lines)
  local argument = {
    uri = vim.uri_from_bufnr(buf),
    range = range,
    instruction = instruction,
    title = "edit",
  }
  preview.wait(buf, range.start.line)
  clients.execute(client, "pilotfish.action.edit", { argument }, function()
    preview.clear(buf)
  end)
end

--- Ask the user for a line; runs in the coroutine that answers the server.
---@param question string
---@return string|vim.NIL
function M.ask(question)
  local waiting = coroutine.running()
  local said
  local is_answered = false
  vim.ui.input({ prompt = question .. " " }, function(text)
    said, is_answered = text, true
    if coroutine.status(waiting) == "suspended" then
      coroutine.resume(waiting)
    end
  end)
  if not is_answered then
    coroutine.yield()
  end
  return said or vim.NIL
end

return M
