from datetime import timedelta
import time, statistics, pytest
from tests.flows.test_main_job import *
from tests.flows.test_main_job import eventually_offered, offered, book
from tests.flows.conftest import eventually
from availability.models import BusyTime
pytestmark=[pytest.mark.flow, pytest.mark.django_db(transaction=True)]
def test_latency(client, host, connected, phone, workers):
    workers.start()
    start = eventually_offered(client, host)
    ls=[]
    for n in range(10):
        t=time.monotonic(); n0=BusyTime.objects.count()
        phone.add(connected[1], start=start+ n*2*HALF_HOUR+timedelta(days=3), end=start+n*2*HALF_HOUR+HALF_HOUR+timedelta(days=3), title="x")
        eventually(lambda: BusyTime.objects.count()>n0)
        ls.append(time.monotonic()-t)
    print("PULL", sorted(round(x,2) for x in ls))
    ls=[]
    for n in range(8):
        n0=len(phone.events(connected[0]))
        t=time.monotonic()
        book(client,host,start+n*HALF_HOUR)
        eventually(lambda: len(phone.events(connected[0]))>n0)
        ls.append(time.monotonic()-t)
    print("PUSH", sorted(round(x,2) for x in ls))
