-- Finds the server on this machine, and starts it.
local client = require("pilotfish.client")

local M = {}

local IS_WINDOWS = vim.fn.has("win32") == 1

--- The folder that the plugin was cloned with, if it was: the server's package lies in it.
---@return string?
function M.checkout()
  local here = debug.getinfo(1, "S").source:sub(2)
  local root = vim.fs.normalize(vim.fn.fnamemodify(here, ":p:h:h:h:h:h"))
  return vim.uv.fs_stat(root .. "/pyproject.toml") and root or nil
end

--- The server's executable: what is on PATH, what pipx or uv have installed, what `make run` has left.
---@return string?
function M.find()
  local found = vim.fn.exepath("pilotfish")
  if found ~= "" then
    return found
  end
  local places = { vim.fs.normalize("~/.local/bin") }
  local checkout = M.checkout()
  if checkout then
    table.insert(places, checkout .. (IS_WINDOWS and "/.venv/Scripts" or "/.venv/bin"))
  end
  for _, place in ipairs(places) do
    local path = place .. (IS_WINDOWS and "/pilotfish.exe" or "/pilotfish")
    if vim.fn.executable(path) == 1 then
      return path
    end
  end
end

--- How to get it, in words.
---@return string
function M.how_to_get()
  local what = M.checkout() or "pilotfish"
  return ("install it with `pipx install %s` or `uv tool install %s`"):format(what, what)
end

--- The `cmd` of the configuration.
---@param dispatchers vim.lsp.rpc.Dispatchers
---@param config vim.lsp.ClientConfig
---@return vim.lsp.rpc.PublicClient
function M.start(dispatchers, config)
  local path = M.find()
  if not path then
    vim.notify_once("pilotfish: its server is not on this machine; " .. M.how_to_get() .. ".", vim.log.levels.WARN)
    return M.nobody(dispatchers)
  end
  return vim.lsp.rpc.start({ path, "serve" }, dispatchers, {
    cwd = config and config.cmd_cwd,
    env = config and config.cmd_env,
  })
end

--- A connection that has ended before it began: the client goes away without a word.
---@param dispatchers vim.lsp.rpc.Dispatchers
---@return vim.lsp.rpc.PublicClient
function M.nobody(dispatchers)
  vim.schedule(function()
    dispatchers.on_exit(0, 0)
  end)
  local function no()
    return false
  end
  return {
    request = no,
    notify = no,
    is_closing = function()
      return true
    end,
    terminate = function() end,
  }
end

return M
