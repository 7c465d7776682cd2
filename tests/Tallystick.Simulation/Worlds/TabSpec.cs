using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Tabs;

namespace Tallystick.Simulation.Worlds;

/// <summary>A tab that exists between two persons of a world.</summary>
internal sealed class TabSpec
{
    public TabSpec(int index, int one, int other, Asset asset)
    {
        if (!TabTerms.TryCreate(Names.Key(one), Names.Key(other), asset, out var terms))
            throw new ArgumentException("A tab needs two persons.", nameof(other));
        (Index, Terms) = (index, terms);
        Persons = terms.KeyOf(Party.Zero) == Names.Key(one) ? [one, other] : [other, one];
    }

    public int Index { get; }

    public TabTerms Terms { get; }

    /// <summary>All wishes on this tab, in the order of asking.</summary>
    public List<Wish> Wishes { get; } = [];

    /// <summary>The persons by party.</summary>
    public int[] Persons { get; }

    public Party PartyOf(int person) => Persons[0] == person ? Party.Zero : Party.One;

    public bool Has(int person) => Persons[0] == person || Persons[1] == person;

    public int Other(int person) => Persons[0] == person ? Persons[1] : Persons[0];

    public PublicKey KeyOf(Party party) => Terms.KeyOf(party);
}
