using Tallystick.Core.Identity;
using Tallystick.Core.Money;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Reads and writes table invite.</summary>
internal static class InviteRows
{
    private const string SelectAll =
        """
        select digest, created_ms, expires_ms, asset, credit_limit, state, used_by, ended_ms
        from invite order by created_ms, digest
        """;

    // Only what is open changes: a second use meets no row.
    private const string Upsert =
        """
        insert into invite (digest, created_ms, expires_ms, asset, credit_limit, state, used_by, ended_ms)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        on conflict (digest) do update set state = ?6, used_by = ?7, ended_ms = ?8 where state = 0
        """;

    private const string Delete = "delete from invite where digest = ?1";

    public static List<StoredInvite> All(SqliteConnection book)
    {
        var rows = book.For(SelectAll);
        var invites = new List<StoredInvite>();
        while (rows.Step())
        {
            var digest = rows.Hash(0);
            if (!Asset.TryParse(rows.Text(3), out var asset))
                throw new InvalidDataException($"Invitation {digest} counts no asset.");
            PublicKey? usedBy = null;
            if (!rows.IsNull(6))
                usedBy = PublicKey.TryCreate(rows.Bytes(6), out var key)
                    ? key
                    : throw new InvalidDataException($"Invitation {digest} was used by no valid key.");
            invites.Add(new StoredInvite(
                digest,
                rows.Long(1),
                rows.Long(2),
                asset,
                rows.IsNull(4) ? CreditLimit.None : CreditLimit.FromUnits(rows.Long(4)),
                (InviteState)rows.Int(5),
                usedBy,
                rows.IsNull(7) ? null : rows.Long(7)));
        }
        return invites;
    }

    public static StoredInvite Save(SqliteConnection book, StoredInvite invite)
    {
        var statement = book.For(Upsert)
            .Bind(1, invite.Digest)
            .Bind(2, invite.CreatedMs)
            .Bind(3, invite.ExpiresMs)
            .Bind(4, invite.Asset.ToString())
            .Bind(5, invite.Limit.IsNone ? null : invite.Limit.Units)
            .Bind(6, (long)invite.State)
            .Bind(8, invite.EndedMs);
        if (invite.UsedBy is { } key)
            statement.Bind(7, key.ToArray());
        else
            statement.BindNull(7);
        if (statement.Run() == 0)
            throw new StoreConflictException($"Invitation {invite.Digest} is not open any more.");
        return invite;
    }

    public static int Drop(SqliteConnection book, Hash digest) => book.For(Delete).Bind(1, digest).Run();
}
