-- Forgets KEYS[1] where the token ARGV[1] still holds it.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
