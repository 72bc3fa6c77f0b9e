-- Remembers KEYS[1] as done for ARGV[2] milliseconds, unless a token other than ARGV[1] holds it.
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'done', 'PX', ARGV[2])
return 1
