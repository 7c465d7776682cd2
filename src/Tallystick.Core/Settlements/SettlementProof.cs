using System.Diagnostics.CodeAnalysis;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Settlements;

/// <summary>What a settlement's file proves by itself.</summary>
/// <param name="Terms">Whose tab it is, and what it counts.</param>
/// <param name="Settlement">What its lines add up to.</param>
/// <param name="Lines">Its lines, each after those that its author had seen.</param>
/// <param name="Booking">The page that booked it, or null.</param>
/// <param name="Unlinked">Pages whose page before is not there: the first after a reset, or left out.</param>
public sealed record SettlementProof(
    TabTerms Terms,
    Settlement Settlement,
    IReadOnlyList<TrailLine> Lines,
    Page? Booking,
    IReadOnlyList<Page> Unlinked)
{
    /// <summary>Checks a file and believes nothing in it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="verify">Whether a key signed a hash.</param>
    /// <param name="proof">What it proves.</param>
    /// <param name="wrong">The first thing that is wrong, one sentence.</param>
    public static bool TryCheck(
        SettlementFile file,
        Func<PublicKey, Hash, ReadOnlyMemory<byte>, bool> verify,
        [NotNullWhen(true)] out SettlementProof? proof,
        [NotNullWhen(false)] out string? wrong)
    {
        proof = null;
        if (!TabTerms.TryCreate(file.Key0, file.Key1, file.Asset, out var terms) || terms.Key0 != file.Key0)
        {
            wrong = "The two keys are not those of a tab.";
            return false;
        }
        wrong = WrongPage(file, terms, verify);
        if (wrong is not null)
            return false;
        var check = new ProofCheck(file);
        wrong = check.Run();
        if (wrong is null)
        {
            var settlement = SettlementTrail.Fold(terms.Id, check.Lines);
            proof = new SettlementProof(terms, settlement, check.Lines, check.Booking, check.Unlinked);
        }
        return proof is not null;
    }

    private static string? WrongPage(
        SettlementFile file, TabTerms terms, Func<PublicKey, Hash, ReadOnlyMemory<byte>, bool> verify)
    {
        var places = new HashSet<(Party, long)>();
        foreach (var page in file.Pages)
        {
            var name = NameOf(page.Page);
            if (page.Page.Tab != terms.Id)
                return $"{name} belongs to another tab.";
            if (PageForm.Check(page.Content) is { } refusal)
                return $"{name} is out of bounds: {refusal.Text}";
            if (!verify(terms.KeyOf(page.Page.Author), page.Hash, page.Signature))
                return $"{name} has a bad signature.";
            if (!places.Add((page.Page.Author, page.Page.Number)))
                return $"{name} is there twice.";
        }
        return null;
    }

    internal static string NameOf(Page page) => $"Page {page.Number} of party {(int)page.Author}";
}
