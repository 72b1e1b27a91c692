-- The server on this machine: where it is, whether it is new enough, how it is started.

---@section pilotfish-server The server
--- Install it once, with pipx or uv, from the folder that you have cloned: >sh
---   pipx install /path/to/pilotfish
---   uv tool install /path/to/pilotfish
--- <
--- It is looked for on $PATH, then in `~/.local/bin`, then in `.venv` of the
--- clone that this plugin is a part of, where `make run` leaves it.
---
--- Each workspace has a server of its own; a workspace is the nearest folder
--- above a file that holds `.pilotfish.toml` or a version control system's.
--- A server that dies is started again twice; then one message says so, and
--- `:Pilotfish restart` tries again.

local restart = require("pilotfish.restart")

local M = {}

--- The oldest server that this plugin works with.
M.OLDEST = "0.1.0"

local IS_WINDOWS = vim.fn.has("win32") == 1

--- The folder that the plugin was cloned with, if it was: the server's package lies in it.
---@return string?
local function checkout()
  local here = vim.uv.fs_realpath(debug.getinfo(1, "S").source:sub(2))
  local root = vim.fs.normalize(vim.fn.fnamemodify(here or "", ":p:h:h:h:h:h"))
  return vim.uv.fs_stat(root .. "/pyproject.toml") and root or nil
end

--- The executable: what is on PATH, what pipx or uv have installed, what `make run` has left in the clone.
---@return string?
function M.find()
  local found = vim.fn.exepath("pilotfish")
  if found ~= "" then
    return found
  end
  local places = { vim.fs.normalize("~/.local/bin") }
  local root = checkout()
  if root then
    table.insert(places, root .. (IS_WINDOWS and "/.venv/Scripts" or "/.venv/bin"))
  end
  for _, place in ipairs(places) do
    local path = place .. (IS_WINDOWS and "/pilotfish.exe" or "/pilotfish")
    if vim.fn.executable(path) == 1 then
      return path
    end
  end
end

--- The command line of another command than `serve`, of the server that is configured.
---@param ... string
---@return string[]?
function M.command_line(...)
  local configured = vim.lsp.config.pilotfish.cmd
  local line = type(configured) == "table" and vim.deepcopy(configured) or { M.find(), "serve" }
  if line[#line] ~= "serve" then
    return nil
  end
  table.remove(line)
  return vim.list_extend(line, { ... })
end

--- How to get it, in words.
---@return string
function M.how_to_get()
  local what = checkout() or "pilotfish"
  return ("get it with `pipx install %s` or `uv tool install %s`"):format(what, what)
end

--- What is wrong with a server that has answered, or nothing.
---@param info? {version?: string} what it says of itself
---@return string?
function M.too_old(info)
  local version = vim.version.parse(info and info.version or "")
  if not version or vim.version.lt(version, M.OLDEST) then
    local said = info and info.version or "unknown"
    local how = M.how_to_get():gsub(" install ", " install --force ")
    return ("its server has the version %s, this plugin needs %s; %s."):format(said, M.OLDEST, how)
  end
end

--- The `cmd` of the configuration.
---@param dispatchers vim.lsp.rpc.Dispatchers
---@param config vim.lsp.ClientConfig
---@return vim.lsp.rpc.PublicClient
function M.start(dispatchers, config)
  local path = M.find()
  if not path then
    local text = ("pilotfish: its server is not on this machine; %s."):format(M.how_to_get())
    vim.notify_once(text, vim.log.levels.WARN)
    return M.nobody(dispatchers)
  end
  local is_wanted = false -- that it ends
  local rpc
  local watched = setmetatable({
    on_exit = function()
      -- Neovim would show a warning each time.
      dispatchers.on_exit(0, 0)
      if not is_wanted then
        restart.died()
      end
    end,
  }, { __index = dispatchers })
  rpc = vim.lsp.rpc.start({ path, "serve" }, watched, { cwd = config.cmd_cwd, env = config.cmd_env })
  local request, terminate = rpc.request, rpc.terminate
  rpc.request = function(method, ...)
    is_wanted = is_wanted or method == "shutdown"
    return request(method, ...)
  end
  rpc.terminate = function()
    is_wanted = true
    return terminate()
  end
  return rpc
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
