namespace Tallystick.Ordeal.Checking;

/// <summary>Holds what callers were told against what the books say, payment by payment.</summary>
internal sealed class CallsCheck(IReadOnlyList<Half> halves, List<Finding> findings)
{
    public const string Sent = "sent";
    public const string Delivered = "delivered";
    public const string Queued = "queued";
    public const string Refused = "refused";
    public const string Cancelled = "cancelled";
    public const string Unknown = "unknown";

    private readonly Dictionary<Guid, List<Place>> places = [];

    public void Run(IReadOnlyList<Call> calls)
    {
        foreach (var half in halves)
        {
            foreach (var party in (int[])[0, 1])
            {
                foreach (var line in half.Payments(party))
                {
                    if (!places.TryGetValue(line.Request, out var known))
                        places.Add(line.Request, known = []);
                    known.Add(new Place(half, party, line));
                }
            }
        }
        var asked = new HashSet<Guid>();
        foreach (var call in calls)
        {
            if (!asked.Add(call.Request))
                Find(Claims.Answers, call, "was used for two payments by the callers");
            Judge(call);
        }
        foreach (var (request, found) in places.Where(place => !asked.Contains(place.Key)))
            findings.Add(new Finding(Claims.Unasked, $"{request}: nobody asked for it, {found[0].Half.Name} has it"));
    }

    private void Judge(Call call)
    {
        var found = places.GetValueOrDefault(call.Request, []);
        var must = call.Said.Contains(Sent) || call.Said.Contains(Delivered) || call.Final is Sent or Delivered;
        var never = call.Said.Contains(Refused) || call.Said.Contains(Cancelled)
            || call.Final is Refused or Cancelled or Unknown;
        if (must && never)
            Find(Claims.Answers, call, $"was {string.Join(", ", call.Said)} and at last {call.Final}");
        if (call.Final is Sent or Queued)
            Find(Claims.Answers, call, $"has not ended: {call.Final}");
        if (call.Said.Contains(Queued) && call.Final == Unknown)
            Find(Claims.Lost, call, "was queued, and its node does not know it");
        if (never && !must && found.Count > 0)
            Find(Claims.Taken, call, $"ended as {call.Final} and is in {found[0].Half.Name}");
        if (!must)
            return;
        foreach (var side in (string[])[call.From, call.To])
        {
            var here = found.Where(place => place.Half.Book == side).ToList();
            if (here.Count == 0)
                Find(Claims.Lost, call, $"was acknowledged and is not in {side}'s half");
            else if (here.Count > 1)
                Find(Claims.Twice, call, $"is {here.Count} times in {side}'s half");
            if (here.Exists(place => !Fits(place, call)))
                Find(Claims.Content, call, $"says something else in {side}'s half");
        }
        if (found.Exists(place => place.Half.Book != call.From && place.Half.Book != call.To))
            Find(Claims.Twice, call, "is in a book of others, too");
    }

    private static bool Fits(Place place, Call call) =>
        place.Line.Amount == call.Units
        && place.Line.Memo == call.Memo
        && place.Half.Tab.Asset == call.Asset
        && place.Party == (place.Half.Book == call.From ? place.Half.Tab.Me : 1 - place.Half.Tab.Me);

    private void Find(string kind, Call call, string text) => findings.Add(new Finding(
        kind, $"{call.Request} ({call.Units} {call.Asset} from {call.From} to {call.To}) {text}"));

    private sealed record Place(Half Half, int Party, LineFile Line);
}
