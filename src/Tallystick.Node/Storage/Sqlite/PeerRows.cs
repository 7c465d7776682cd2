using Tallystick.Core.Identity;
using Tallystick.Core.Invites;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Reads and writes table peer.</summary>
internal static class PeerRows
{
    private const string SelectAll =
        """
        select id, name, key, address, claimed_name, removed, name_is_ours, told, join_token, join_is_new
        from peer order by id
        """;

    private const string Insert =
        """
        insert into peer
            (id, name, name_key, key, address, claimed_name, removed, name_is_ours, told, join_token, join_is_new)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """;

    private const string Update =
        """
        update peer set name = ?2, name_key = ?3, key = ?4, address = ?5, claimed_name = ?6, removed = ?7,
            name_is_ours = ?8, told = ?9, join_token = ?10, join_is_new = ?11
        where id = ?1
        """;

    public static List<StoredPeer> All(SqliteConnection book)
    {
        var rows = book.For(SelectAll);
        var peers = new List<StoredPeer>();
        while (rows.Step())
        {
            PublicKey? key = null;
            if (!rows.IsNull(2))
                key = PublicKey.TryCreate(rows.Bytes(2), out var read)
                    ? read
                    : throw new InvalidDataException($"Peer {rows.Long(0)} has no valid key.");
            peers.Add(new StoredPeer(
                rows.Long(0),
                rows.Text(1),
                key,
                rows.IsNull(3) ? null : rows.Text(3),
                rows.IsNull(4) ? null : rows.Text(4),
                rows.Bool(5),
                rows.Bool(6))
            {
                Told = rows.IsNull(7) ? null : rows.Text(7),
                Joining = rows.IsNull(8) ? null : new PendingJoin(new InviteToken(rows.Hash(8)), rows.Bool(9)),
            });
        }
        return peers;
    }

    public static StoredPeer Save(SqliteConnection book, StoredPeer peer)
    {
        var statement = book.For(peer.Id == 0 ? Insert : Update)
            .Bind(1, peer.Id == 0 ? null : peer.Id)
            .Bind(2, peer.Name)
            .Bind(3, peer.Name.ToUpperInvariant())
            .Bind(5, peer.Address)
            .Bind(6, peer.ClaimedName)
            .Bind(7, peer.Removed)
            .Bind(8, peer.NameIsOurs)
            .Bind(9, peer.Told)
            .Bind(11, peer.Joining is { IsNew: true });
        if (peer.Joining is { } joining)
            statement.Bind(10, joining.Token.Value);
        else
            statement.BindNull(10);
        if (peer.Key is { } key)
            statement.Bind(4, key.ToArray());
        else
            statement.BindNull(4);
        if (statement.Run() == 0)
            throw new StoreConflictException($"Peer {peer.Id} is not stored.");
        return peer.Id == 0 ? peer with { Id = book.LastId } : peer;
    }
}
