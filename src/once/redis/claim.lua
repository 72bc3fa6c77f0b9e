-- Claims KEYS[1] for the token ARGV[1] and for ARGV[2] milliseconds, or says who has it.
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {'new', 0} end
if redis.call('GET', KEYS[1]) == 'done' then return {'done', 0} end
return {'in_progress', redis.call('PTTL', KEYS[1])}
