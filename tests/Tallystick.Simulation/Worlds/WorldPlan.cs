using Tallystick.Core.Money;

namespace Tallystick.Simulation.Worlds;

/// <summary>Who is there and who has a tab with whom; everything else happens.</summary>
/// <param name="Persons">How many persons, each with one node; 2 to 20.</param>
/// <param name="Tabs">The tabs.</param>
/// <param name="Dishonest">Persons whose node breaks the protocol.</param>
/// <param name="BytesEvery">
/// Every connection with a number divisible by this carries bytes, not frames; 0 for none.
/// </param>
internal sealed record WorldPlan(
    int Persons, IReadOnlyList<(int One, int Other, Asset Asset)> Tabs, IReadOnlySet<int> Dishonest, int BytesEvery)
{
    private static readonly Asset Second = Asset.TryCreate("EUR", 2, out var euro) ? euro : Asset.Credits;

    /// <summary>Two persons with one tab.</summary>
    public static WorldPlan Pair { get; } = new(2, [(0, 1, Asset.Credits)], new HashSet<int>(), 0);

    /// <summary>A plan that a seed decides.</summary>
    public static WorldPlan Of(Random random, bool dishonest)
    {
        var persons = random.Next(8) switch
        {
            < 4 => 2,
            < 6 => 3,
            6 => random.Next(4, 8),
            _ => random.Next(8, 21),
        };
        var tabs = new List<(int, int, Asset)>();
        for (var person = 1; person < persons; person++)
            tabs.Add((person, random.Next(person), Asset.Credits));
        for (var extra = random.Next(persons); extra > 0; extra--)
        {
            var (one, other) = (random.Next(persons), random.Next(persons));
            var asset = random.Next(2) == 0 ? Asset.Credits : Second;
            if (one != other && !tabs.Exists(tab => Same(tab, one, other, asset)))
                tabs.Add((one, other, asset));
        }
        var liars = new HashSet<int>();
        if (dishonest)
            liars.Add(random.Next(persons));
        return new WorldPlan(persons, tabs, liars, random.Next(4) == 0 ? random.Next(1, 4) : 0);
    }

    private static bool Same((int One, int Other, Asset Asset) tab, int one, int other, Asset asset) =>
        tab.Asset == asset && ((tab.One, tab.Other) == (one, other) || (tab.One, tab.Other) == (other, one));
}
