-- What was spent on winning customers, by month, channel and currency, in minor units: the numerators of CAC before `shared` is split
-- and amounts are converted.
select period, channel, currency, sum(amount) as spend, count(*) as costs
from events
where event_type = 'cost.recorded.v1' and purpose = 'acquisition'
group by period, channel, currency
order by period, channel, currency
