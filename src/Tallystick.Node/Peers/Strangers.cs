using System.Collections.Immutable;
using Tallystick.Core.Identity;

namespace Tallystick.Node.Peers;

/// <summary>The last strangers who knocked: a short list, because anybody can knock with any number of keys.</summary>
internal sealed class Strangers
{
    /// <summary>Beyond it the one who has been silent longest is forgotten; a real one tries again every 5 s.</summary>
    public const int Most = 64;

    private ImmutableList<Stranger> list = [];

    /// <summary>Those who knocked, the longest silent first.</summary>
    public ImmutableList<Stranger> All => list;

    /// <summary>Notes a knock; true when this key was not on the list.</summary>
    public bool Note(Stranger stranger)
    {
        var without = list.RemoveAll(known => known.Key == stranger.Key);
        var isNew = without.Count == list.Count;
        if (without.Count >= Most)
            without = without.RemoveAt(0);
        list = without.Add(stranger);
        return isNew;
    }

    /// <summary>Takes a key off the list.</summary>
    public void Forget(PublicKey key) => list = list.RemoveAll(known => known.Key == key);
}
