-- Edit with an instruction: what to do is asked for, the change is shown by preview.lua.
local clients = require("pilotfish.client")
local preview = require("pilotfish.preview")

local M = {}

--- Have lines of the current buffer changed as you say.
---@param first integer line, from 1; without a selection the definition around it is meant
---@param last integer
---@param instruction? string asked for where it is left out
function M.edit(first, last, instruction)
  local buf = vim.api.nvim_get_current_buf()
  local client = clients.of(buf)
  if not client then
    return clients.say("no server is attached to this buffer", vim.log.levels.WARN)
  end
  if not instruction or instruction == "" then
    return vim.ui.input({ prompt = "Edit: " }, function(said)
      if said and said ~= "" then
        M.edit(first, last, said)
      end
    end)
  end
  local is_selection = last > first
  local finish = { line = last, character = 0 }
  if last == vim.api.nvim_buf_line_count(buf) then
    local line = vim.api.nvim_buf_get_lines(buf, last - 1, last, true)[1]
    finish = { line = last - 1, character = vim.str_utfindex(line, client.offset_encoding) }
  end
  local start = { line = first - 1, character = 0 }
  if not is_selection then
    local col = vim.api.nvim_win_get_cursor(0)[2]
    start.character = vim.str_utfindex(vim.api.nvim_get_current_line(), client.offset_encoding, col, false)
    finish = start
  end
  local argument = {
    uri = vim.uri_from_bufnr(buf),
    range = { start = start, ["end"] = finish },
    instruction = instruction,
    title = "edit",
  }
  preview.wait(buf, first - 1)
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
